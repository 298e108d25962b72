package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalanceState;
import io.hayloft.tracker.store.MoveJob.Scope;
import io.hayloft.tracker.store.MoveJob.Terms;
import io.hayloft.tracker.store.RebalanceStore;
import io.hayloft.tracker.work.WorkFixture;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who runs the cluster: marks, replaces and empties devices, and has files checked. */
final class Operators {

  private static final List<DeviceStatus> PASSING =
      List.of(
          DeviceStatus.DRAIN,
          DeviceStatus.READONLY,
          DeviceStatus.DOWN,
          DeviceStatus.ALIVE,
          DeviceStatus.ALIVE);

  private static final int MOST_JOBS = 50;

  private final WorkFixture fixture;
  private final MemoryNodes disks;
  private final Ledger ledger;
  private final Set<DeviceId> dead = ConcurrentHashMap.newKeySet();
  private int newest;

  /**
   * @param newest the greatest number that a device has
   */
  Operators(WorkFixture fixture, MemoryNodes disks, Ledger ledger, int newest) {
    this.fixture = fixture;
    this.disks = disks;
    this.ledger = ledger;
    this.newest = newest;
  }

  /** All that are not dead, in their order. */
  List<Device> devices() {
    return fixture.stores().registry().load().devices().values().stream()
        .filter(device -> !dead.contains(device.id()))
        .sorted(Comparator.comparing(Device::id))
        .toList();
  }

  /** One that a client may be sent to. */
  DeviceId forUpload(Random random) {
    var alive = devices().stream().filter(device -> device.status() == DeviceStatus.ALIVE).toList();
    var some = alive.isEmpty() ? devices() : alive;
    return some.get(random.nextInt(some.size())).id();
  }

  DeviceId any(Random random) {
    var devices = devices();
    return devices.get(random.nextInt(devices.size())).id();
  }

  void mark(DeviceId device, Random random) {
    fixture.mark(device.value(), PASSING.get(random.nextInt(PASSING.size())));
  }

  /** All devices but those that a rebalance is emptying are alive again. */
  void markAllAlive() {
    var drained = rebalance().status().former().keySet();
    devices().stream()
        .filter(device -> device.status() != DeviceStatus.ALIVE && !drained.contains(device.id()))
        .forEach(device -> fixture.mark(device.id().value(), DeviceStatus.ALIVE));
  }

  void beginCheck(String host) {
    fixture.upkeep().fsck().reset(false, 0);
    var _ = fixture.upkeep().fsck().start(host);
  }

  /** Otherwise those of files whose class keeps digests: one may have rotted in another class. */
  void checkContents(boolean all) {
    fixture
        .stores()
        .registry()
        .set("fsck_checksum", all ? Optional.of("MD5") : Optional.<String>empty());
  }

  /** Beside a rebalance, which operators could not do. */
  void forceCheck(String host) {
    fixture.upkeep().fsck().reset(false, 0);
    fixture.stores().registry().set("fsck_host", Optional.of(host));
  }

  void beginRebalance(String host, DeviceId from) {
    var text = "from_devices=" + from;
    var _ = rebalance().reset();
    if (!rebalance().setPolicy(text)) {
      return;
    }
    var policy = RebalancePolicy.stored(text).orElseThrow();
    var _ = rebalance().start(host, (_, _) -> RebalanceState.first(List.of(from), policy).text());
  }

  void endRebalance() {
    var _ = rebalance().stop();
  }

  void drain(DeviceId device) {
    var _ = fixture.upkeep().moves().start(Terms.drain(device, 0));
  }

  /** Devices look as unequal as they were made, however much is moved: there is always more. */
  void level() {
    var _ = fixture.upkeep().moves().start(Terms.even(0, 0, Scope.ALL));
  }

  void endMoves() {
    fixture.upkeep().moves().latest(MOST_JOBS).stream()
        .filter(job -> !job.state().isOver())
        .forEach(
            job -> {
              var _ = fixture.upkeep().moves().stop(job.id());
            });
  }

  private RebalanceStore rebalance() {
    return fixture.upkeep().rebalance();
  }

  /**
   * A good copy that is not the last one goes bad: it is lost, or cut, or rots where somebody keeps
   * digests. To be called while nothing else happens: two accidents at once may cost a file.
   */
  void damage(
      Collection<ReplicaPath> known, boolean hasDigest, NativeDisks natives, Random random) {
    var good = known.stream().filter(ledger::isGood).toList();
    if (good.size() < 2) {
      return;
    }
    var victim = good.get(random.nextInt(good.size()));
    int device = victim.device().value();
    long fid = victim.fid().value();
    var bytes = disks.bytes(victim).orElseThrow();
    var host = fixture.stores().registry().load();
    boolean isFound =
        Optional.ofNullable(host.devices().get(victim.device()))
            .flatMap(each -> Optional.ofNullable(host.hosts().get(each.host())))
            .filter(natives::isNative)
            .isPresent();
    if (isFound && random.nextBoolean()) {
      natives.find(victim);
      ledger.unheard(victim);
      return;
    }
    switch (random.nextInt(hasDigest ? 3 : 2)) {
      case 0 -> disks.lose(device, fid);
      case 1 -> disks.store(device, fid, new byte[] {bytes[0]});
      default -> {
        bytes[bytes.length - 1] ^= 1;
        disks.store(device, fid, bytes);
      }
    }
    ledger.unheard(victim);
  }

  /**
   * A disk dies with all that is on it, unless a file has its only good copy there, and is replaced
   * by one with a new number on the same host. To be called while nothing else happens.
   *
   * @param known the copies that the tables know of all files
   */
  boolean loseDisk(DeviceId disk, Collection<List<ReplicaPath>> known) {
    boolean isNeeded =
        known.stream()
            .anyMatch(
                copies ->
                    copies.stream()
                        .filter(path -> !path.device().equals(disk))
                        .noneMatch(ledger::isGood));
    if (isNeeded) {
      return false;
    }
    var host =
        devices().stream()
            .filter(device -> device.id().equals(disk))
            .map(Device::host)
            .findFirst()
            .orElseThrow();
    dead.add(disk);
    disks.device(disk.value(), Trouble.REFUSES);
    new HashSet<>(disks.replicas())
        .stream()
            .filter(path -> path.device().equals(disk))
            .forEach(path -> disks.lose(disk.value(), path.fid().value()));
    fixture.mark(disk.value(), DeviceStatus.DEAD);
    newest++;
    fixture.stores().registry().createDevice(new DeviceId(newest), host, DeviceStatus.ALIVE);
    return true;
  }
}
