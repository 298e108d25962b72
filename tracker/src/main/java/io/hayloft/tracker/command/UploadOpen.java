package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.FID_IN_USE;
import static io.hayloft.protocol.ErrorCode.NO_DEVICES;
import static io.hayloft.protocol.ErrorCode.UNREG_CLASS;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.policy.UploadChoice;
import io.hayloft.tracker.store.UploadStore.Opening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code create_open}: registers an upload and tells the client where to put its bytes. Readers see
 * nothing of it until {@link UploadClose}.
 */
final class UploadOpen {

  static final String NAME = "create_open";

  /** Directories are usually there, or made in a millisecond. */
  private static final Duration PREPARING = Duration.ofMillis(200);

  private static final int DESTINATIONS = 3;

  private final Backend backend;
  private final World world;
  private final Suspects suspects;

  UploadOpen(Backend backend, World world, Suspects suspects) {
    this.backend = backend;
    this.world = world;
    this.suspects = suspects;
  }

  Map<String, Command> table() {
    return Map.of(NAME, this::open);
  }

  private Reply open(Call call) throws InterruptedException {
    var profile = new Profile(world.time());
    var domain = call.domain(backend.plugins(), Occasion.CREATE_OPEN);
    var key = call.optionalKey("key").map(Key::wire).orElse("");
    var fileClass = fileClass(call, domain);
    var explicit = explicitFid(call);

    profile.point("wait_monitor");
    profile.point("find_deviceid");
    var devices = choose(call, domain);
    var fid =
        backend
            .stores()
            .uploads()
            .open(
                new Opening(domain.id(), fileClass, key, devices.stream().map(Device::id).toList()),
                explicit)
            .orElseThrow(() -> new Refused(FID_IN_USE));

    profile.point("vivify_dir_on_all_devs");
    var places = places(call, devices, fid);
    prepare(call, places, profile);
    var reply = reply(call, fid, places);
    if (call.flag("debug_profile")) {
      profile.addTo(reply);
    }
    return reply.build();
  }

  private static ClassId fileClass(Call call, Domain domain) {
    var name = call.text("class");
    return name.isEmpty()
        ? ClassId.DEFAULT
        : call.find(view -> view.fileClass(domain.id(), name))
            .map(FileClass::id)
            .orElseThrow(() -> new Refused(UNREG_CLASS));
  }

  private static Optional<Fid> explicitFid(Call call) {
    return call.flag("fid")
        ? Optional.of(call.fid("fid").orElseThrow(() -> new Refused(BAD_PARAMS)))
        : Optional.empty();
  }

  private List<Device> choose(Call call, Domain domain) throws InterruptedException {
    long size = call.arguments().number("size");
    var offered =
        UploadChoice.order(
            call.view(),
            size > 0 ? OptionalLong.of(size) : OptionalLong.empty(),
            call.caller(),
            world.random());
    var chosen =
        UploadChoice.first(
            backend.plugins().orderForUpload(call.in(domain), suspects.last(offered)),
            call.flag("multi_dest") ? DESTINATIONS : 1);
    if (chosen.isEmpty()) {
      throw new Refused(NO_DEVICES);
    }
    return chosen;
  }

  /** All at once, unless the client wants to know which device takes how long. */
  private void prepare(Call call, List<Place> places, Profile profile) throws InterruptedException {
    if (!call.flag("debug_profile")) {
      prepare(places);
      return;
    }
    for (var place : places) {
      profile.point("vivify_dir_on_dev" + place.path().device());
      prepare(List.of(place));
    }
  }

  /** Goes on beside the answer where it takes longer: a hung node keeps no upload waiting. */
  private void prepare(List<Place> places) throws InterruptedException {
    var _ = world.tasks().start("prepare", () -> backend.nodes().prepare(places)).join(PREPARING);
  }

  private static List<Place> places(Call call, List<Device> devices, Fid fid) {
    var places = new ArrayList<Place>();
    for (var device : devices) {
      Host host =
          call.view()
              .host(device.host())
              .orElseThrow(() -> new IllegalStateException("no host of device " + device.id()));
      places.add(Place.of(host, device.id(), fid));
    }
    return places;
  }

  private static Reply.Builder reply(Call call, Fid fid, List<Place> places) {
    if (!call.flag("multi_dest")) {
      var only = places.getFirst();
      return Reply.ok()
          .with("fid", fid.value())
          .with("devid", only.path().device().value())
          .with("path", url(call, only));
    }
    var reply = Reply.ok().with("dev_count", places.size()).with("fid", fid.value());
    int i = 1;
    for (var place : places) {
      reply.with("devid_" + i, place.path().device().value());
      reply.with("path_" + i, url(call, place));
      i++;
    }
    return reply;
  }

  private static String url(Call call, Place place) {
    return place.host().writeUrl(place.path(), call.caller());
  }
}
