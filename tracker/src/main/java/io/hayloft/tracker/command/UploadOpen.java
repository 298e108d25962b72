package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.FID_IN_USE;
import static io.hayloft.protocol.ErrorCode.NO_DEVICES;
import static io.hayloft.protocol.ErrorCode.UNREG_CLASS;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.phase.Phase;
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
import java.util.function.Supplier;

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

  Map<String, Errand> errands() {
    return Map.of(NAME, this::begin);
  }

  /** Without a number of the client's own, and where nobody but the database is asked. */
  private boolean begin(Call call, Errand.Then then) {
    var domain = call.domainAtHand();
    var key = call.text("key");
    if (!backend.plugins().areNone()
        || domain.isEmpty()
        || key.length() > Key.MAX_BYTES
        || call.flag("fid")
        || call.flag("debug_profile")) {
      return false;
    }
    var fileClass = classAtHand(call, domain.get());
    var devices = first(call, order(call));
    if (fileClass.isEmpty() || devices.isEmpty()) {
      return false;
    }
    var ids = devices.stream().map(Device::id).toList();
    backend
        .stores()
        .uploads()
        .open(
            new Opening(domain.get().id(), fileClass.get(), key, ids),
            outcome -> opened(call, devices, outcome, then));
    return true;
  }

  /** Answers at once where the nodes need no preparation; else in a thread that may wait. */
  private void opened(Call call, List<Device> devices, Supplier<Fid> outcome, Errand.Then then) {
    List<Place> places;
    try {
      places = places(call, devices, outcome.get());
    } catch (RuntimeException e) {
      then.hear(
          () -> {
            throw e;
          });
      return;
    }
    var fid = places.getFirst().path().fid();
    Supplier<Optional<Reply>> reply = () -> Optional.of(reply(call, fid, places).build());
    if (places.stream().allMatch(backend.nodes()::isPrepared)) {
      then.hear(reply);
    } else {
      then.waitsFor(Phase.NODES);
      world
          .tasks()
          .start(
              NAME,
              () -> {
                try {
                  prepare(places);
                } finally {
                  then.hear(reply);
                }
              });
    }
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

  private static Optional<ClassId> classAtHand(Call call, Domain domain) {
    var name = call.text("class");
    return name.isEmpty()
        ? Optional.of(ClassId.DEFAULT)
        : call.view().fileClass(domain.id(), name).map(FileClass::id);
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
    var order = backend.plugins().orderForUpload(call.in(domain), order(call));
    var chosen = first(call, order);
    if (chosen.isEmpty()) {
      throw new Refused(NO_DEVICES);
    }
    return chosen;
  }

  private List<Device> order(Call call) {
    long size = call.arguments().number("size");
    return suspects.last(
        UploadChoice.order(
            call.view(),
            size > 0 ? OptionalLong.of(size) : OptionalLong.empty(),
            call.caller(),
            world.random()));
  }

  private static List<Device> first(Call call, List<Device> order) {
    return UploadChoice.first(order, call.flag("multi_dest") ? DESTINATIONS : 1);
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
    if (places.stream().allMatch(backend.nodes()::isPrepared)) {
      return;
    }
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
