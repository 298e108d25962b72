package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NativeNodes.DeviceAnswer;
import io.hayloft.tracker.store.DeviceRecordStore;
import io.hayloft.tracker.store.DeviceRecordStore.Records;
import io.hayloft.tracker.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disks of a host are those that belong to their numbers. The first disk that is seen
 * under a number is recorded; whatever shows up there later is refused, and so is a disk that
 * belongs to another number, until an operator accepts it. Only Hayloft's own nodes tell.
 */
final class Identities {

  private static final Logger log = LoggerFactory.getLogger(Identities.class);

  static final Duration BETWEEN = Duration.ofMinutes(1);

  private final Optional<NativeNodes> nodes;
  private final Optional<DeviceRecordStore> records;
  private final Time time;

  Identities(Optional<NativeNodes> nodes, Optional<DeviceRecordStore> records, Time time) {
    this.nodes = nodes;
    this.records = records;
    this.time = time;
  }

  /** Whether it is time to ask again a host that was asked so long ago. */
  boolean isDue(long askedNanos) {
    return time.since(askedNanos).compareTo(BETWEEN) >= 0;
  }

  /**
   * Asks a host that answers. It tells of all directories that it has; a number that nobody has
   * registered yet gets no disk recorded, which would pass for one that was used before.
   *
   * @return for each of its devices why it must not be used, or nothing where it may be; empty when
   *     nothing could be found out and what was known holds on
   */
  Optional<Map<DeviceId, Optional<String>>> check(Host host, ClusterView view) {
    if (nodes.isEmpty() || records.isEmpty() || !nodes.get().isNative(host)) {
      return Optional.of(Map.of());
    }
    try {
      var answers = nodes.get().devices(host);
      return answers.isEmpty()
          ? Optional.of(Map.of())
          : Optional.of(judgeAll(answers, records.get(), view));
    } catch (IOException | StoreException e) {
      log.debug("cannot find out whose disks {} has", host.name(), e);
      return Optional.empty();
    }
  }

  private static Map<DeviceId, Optional<String>> judgeAll(
      Map<DeviceId, DeviceAnswer> answers, DeviceRecordStore records, ClusterView view) {
    var verdicts = new HashMap<DeviceId, Optional<String>>();
    var known = records.load();
    // Of two that show the same disk for the first time the lower number has it, whoever asks.
    for (var answer : new TreeMap<>(answers).entrySet()) {
      var device = answer.getKey();
      var disk = answer.getValue();
      var verdict = judge(device, disk, known);
      boolean isFirst =
          verdict.isEmpty()
              && disk.identity().isPresent()
              && known.of(device).identity().isEmpty()
              && view.device(device).isPresent();
      if (isFirst && !records.recordDisk(device, disk.identity().get())) {
        // Somebody else recorded another at the same time.
        verdict = judge(device, disk, records.load());
      }
      verdicts.put(device, verdict);
    }
    return verdicts;
  }

  /** Why a disk must not be used under a number; pure. */
  static Optional<String> judge(DeviceId device, DeviceAnswer answer, Records known) {
    if (answer.refused().isPresent()) {
      return answer.refused();
    }
    if (answer.identity().isEmpty()) {
      return Optional.empty();
    }
    var identity = answer.identity().get();
    var owner = known.owner(identity);
    if (owner.isPresent() && !owner.get().equals(device)) {
      return Optional.of("its disk " + identity + " is that of dev" + owner.get());
    }
    return known
        .of(device)
        .identity()
        .filter(recorded -> !recorded.equals(identity))
        .map(recorded -> "its disk is " + identity + " and not " + recorded + " as recorded");
  }
}
