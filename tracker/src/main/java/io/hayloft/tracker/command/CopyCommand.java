package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.COPY_ERR;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code httpcopy}: one more replica, from a device to a device, for operators who know why. What
 * does not work out is told in words. A device that has the file already is not written again: were
 * the copy to break off, a good replica could be gone.
 */
final class CopyCommand {

  private final Backend backend;

  CopyCommand(Backend backend) {
    this.backend = backend;
  }

  Map<String, Command> table() {
    return Map.of("httpcopy", this::copy);
  }

  private Reply copy(Call call) {
    var fid = call.fid("fid").orElseThrow(() -> refusal("fid is not a fid"));
    var file =
        Optional.ofNullable(backend.stores().files().locate(List.of(fid)).get(fid))
            .orElseThrow(() -> refusal("There is no file " + fid));
    var from = source(call, file);
    var to = destination(call, file);
    var known = Optional.ofNullable(backend.stores().files().checksums(List.of(fid)).get(fid));
    backend.nodes().prepare(List.of(to));
    var order = new Order(from, to, file.file().length(), known, Optional.empty());
    return switch (backend.nodes().copy(order)) {
      case Copy.Made(var computed) -> record(file, to, known.or(() -> computed), computed);
      case Copy.SourceFailed(var why) -> throw refusal("Cannot read " + from + ": " + why);
      case Copy.DestinationFailed(var why) -> throw refusal("Cannot write " + to + ": " + why);
    };
  }

  /** Where a digest is known the bytes are read back before they count as a replica. */
  private Reply record(
      Located file, Place to, Optional<Checksum> right, Optional<Checksum> computed) {
    var fid = file.file().fid();
    if (right.isPresent()
        && !backend
            .nodes()
            .digest(to, right.get().algorithm(), file.file().length())
            .equals(right)) {
      throw refusal("What was written to " + to + " cannot be seen to be right");
    }
    if (!backend.stores().replication().copied(fid, to.path().device(), computed)) {
      throw refusal("There is no file " + fid + " any more");
    }
    return Reply.ok().build();
  }

  private static Place source(Call call, Located file) {
    var device = device(call, "sdevid");
    if (!file.devices().contains(device)) {
      throw refusal("The file is not on device " + device);
    }
    return place(call, device, file.file().fid(), view -> view::shouldRead)
        .orElseThrow(() -> refusal("Device " + device + " cannot be read now"));
  }

  private static Place destination(Call call, Located file) {
    var device = device(call, "ddevid");
    if (file.devices().contains(device)) {
      throw refusal("The file is on device " + device + " already");
    }
    return place(call, device, file.file().fid(), view -> view::shouldGetNewFiles)
        .orElseThrow(() -> refusal("Device " + device + " takes no new files now"));
  }

  private static DeviceId device(Call call, String argument) {
    return call.device(argument).orElseThrow(() -> refusal(argument + " is not a device"));
  }

  /** What a device must be like, by a view. */
  @FunctionalInterface
  private interface Fitness {
    Predicate<Device> in(ClusterView view);
  }

  private static Optional<Place> place(Call call, DeviceId id, Fid fid, Fitness fitness) {
    return call.find(view -> view.device(id))
        .filter(fitness.in(call.view()))
        .flatMap(device -> call.view().host(device.host()))
        .map(host -> Place.of(host, id, fid));
  }

  private static Refused refusal(String why) {
    return new Refused(COPY_ERR, why);
  }
}
