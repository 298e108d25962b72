package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.FAILURE;
import static io.hayloft.protocol.ErrorCode.NO_DEVICES;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.policy.ReadChoice;
import io.hayloft.tracker.policy.UploadChoice;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.UploadStore.Opening;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code edit_file}: an upload that begins with the bytes a key stands for now. The client moves
 * {@code oldpath} to {@code newpath} on the storage node, changes what it likes there, and closes
 * the upload.
 *
 * <p>What it moves is a copy made for it. The file itself keeps all its replicas until the close
 * replaces it, so neither a client that dies half-way nor a file with a single replica loses
 * anything. The original gives one of the file's own replicas away, the only one if there is no
 * other. A copy that is never moved is removed like an upload that is never closed.
 */
final class EditFile {

  private final Backend backend;
  private final World world;
  private final ReplicaCheck check;

  EditFile(Backend backend, World world, Suspects suspects) {
    this.backend = backend;
    this.world = world;
    this.check = new ReplicaCheck(backend.nodes(), world, suspects);
  }

  Map<String, Command> table() {
    return Map.of("edit_file", this::edit);
  }

  private Reply edit(Call call) throws InterruptedException {
    var domain = call.domain(backend.plugins(), Occasion.GET_PATHS);
    var key = call.key();
    var file =
        backend
            .stores()
            .files()
            .locate(domain.id(), key)
            .orElseThrow(() -> new Refused(UNKNOWN_KEY));
    var source = source(call, file);
    var device = destination(call, file);

    var copy = open(file, device, "");
    copy(file, source, place(call, device, copy));
    var edited = open(file, device, key.wire());
    return Reply.ok()
        .with("oldpath", url(call, place(call, device, copy)))
        .with("newpath", url(call, place(call, device, edited)))
        .with("fid", edited.value())
        .with("devid", device.id().value())
        .with("class", file.file().fileClass().value())
        .build();
  }

  private Place source(Call call, Located file) throws InterruptedException {
    call.findIfPossible(
        view -> file.devices().stream().flatMap(id -> view.device(id).stream()).findAny());
    var order = ReadChoice.order(call.view(), file.devices(), call.caller(), world.random());
    var places = Candidates.of(call.view(), file.file().fid(), order).readable();
    var whole = check.first(places, file.file().length());
    if (whole.isEmpty()) {
      throw new Refused(NO_DEVICES, "No replica of the file can be read");
    }
    return places.get(whole.getAsInt());
  }

  /** Where the file is, if there is room, so that the node can copy it itself. */
  private Device destination(Call call, Located file) {
    var open =
        UploadChoice.order(
            call.view(), OptionalLong.of(file.file().length()), call.caller(), world.random());
    return open.stream()
        .filter(device -> file.devices().contains(device.id()))
        .findFirst()
        .or(() -> open.stream().findFirst())
        .orElseThrow(() -> new Refused(NO_DEVICES));
  }

  private Fid open(Located file, Device device, String key) {
    var opening =
        new Opening(file.file().domain(), file.file().fileClass(), key, List.of(device.id()));
    return backend
        .stores()
        .uploads()
        .open(opening, Optional.empty())
        .orElseThrow(() -> new IllegalStateException("no number for an upload"));
  }

  private void copy(Located file, Place from, Place to) {
    var fid = file.file().fid();
    var known = Optional.ofNullable(backend.stores().files().checksums(List.of(fid)).get(fid));
    backend.nodes().prepare(List.of(to));
    var outcome =
        backend.nodes().copy(new Order(from, to, file.file().length(), known, Optional.empty()));
    var problem =
        switch (outcome) {
          case Copy.Made _ -> Optional.<String>empty();
          case Copy.SourceFailed(var why) -> Optional.of("Cannot read " + from + ": " + why);
          case Copy.DestinationFailed(var why) -> Optional.of("Cannot write " + to + ": " + why);
        };
    if (problem.isPresent()) {
      backend.stores().uploads().abandon(to.path().fid(), to.path().device());
      backend.jobs().wake(Jobs.DELETE);
      throw new Refused(FAILURE, problem.get());
    }
  }

  private static Place place(Call call, Device device, Fid fid) {
    var host =
        call.view()
            .host(device.host())
            .orElseThrow(() -> new IllegalStateException("no host of device " + device.id()));
    return Place.of(host, device.id(), fid);
  }

  /** Clients write there, so it is the address and port for writing. */
  private static String url(Call call, Place place) {
    return place.host().writeUrl(place.path(), call.caller());
  }
}
