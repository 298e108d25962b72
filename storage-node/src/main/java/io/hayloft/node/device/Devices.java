package io.hayloft.node.device;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.node.blob.SyncTrust;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at intervals which devices there are and how full they are, and has each say so in its
 * usage file. A directory that appears between two looks is a device from the next one on.
 *
 * <p>Each device is looked at by a task of its own, and not again before that has ended, so a disk
 * that hangs or fails does not keep the others from being written.
 */
public final class Devices implements Worker {

  private static final Logger log = LoggerFactory.getLogger(Devices.class);
  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  /** A busy disk may take that long to sync its usage file; a longer interval is waited for. */
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(2);

  private final Places places;
  private final DiskComplaints complaints;
  private final Tasks tasks;
  private final Time time;
  private final Duration interval;
  private final Duration silentAfter;
  private final ConcurrentSkipListMap<DeviceId, DeviceState> states = new ConcurrentSkipListMap<>();
  private final Map<DeviceId, Long> lookedAtSince = new ConcurrentHashMap<>();

  /** Whether the document root could not be read at the last look, which has been told then. */
  private boolean docrootFails;

  /**
   * Where devices and their files are.
   *
   * @param atFirstSight what to do with a device before it is first looked at
   */
  public record Places(
      Docroot docroot,
      DeviceIdentities identities,
      SyncTrust trust,
      Room room,
      OpenBlobs openBlobs,
      Consumer<DeviceId> atFirstSight) {}

  public Devices(
      Places places, DiskComplaints complaints, Tasks tasks, Time time, Duration interval) {
    this.places = places;
    this.complaints = complaints;
    this.tasks = tasks;
    this.time = time;
    this.interval = interval;
    this.silentAfter = interval.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : interval;
  }

  /** The devices of the last look, by number. */
  public List<DeviceId> ids() {
    return List.copyOf(states.keySet());
  }

  /** Whether it was there at the last look. */
  public boolean has(DeviceId device) {
    return states.containsKey(device);
  }

  Collection<DeviceState> states() {
    return List.copyOf(states.values());
  }

  /** Whether any device took a write at the last look. */
  public boolean anyWritable() {
    return states.values().stream().anyMatch(DeviceState::isWritable);
  }

  @Override
  public Pace step() {
    var present = present();
    states.keySet().retainAll(present);
    var mounts = mountTable();
    for (var device : present) {
      var since = lookedAtSince.putIfAbsent(device, time.nanoTime());
      if (since == null) {
        tasks.start(
            "usage of dev" + device,
            () -> {
              look(device, mounts);
              identify(device);
            });
      } else if (time.since(since).compareTo(silentAfter) > 0) {
        become(device, Optional.empty(), Optional.of("it does not answer"));
      }
    }
    return Pace.rest(interval);
  }

  private SortedSet<DeviceId> present() {
    var found = new TreeSet<DeviceId>();
    try (var directories = Files.newDirectoryStream(places.docroot().path(), "dev*")) {
      for (var directory : directories) {
        RequestPath.device(directory.getFileName().toString())
            .filter(places.docroot()::has)
            .ifPresent(found::add);
      }
      docrootFails = false;
    } catch (IOException | DirectoryIteratorException e) {
      if (!docrootFails) {
        log.error("{} cannot be read: {}", places.docroot().path(), e.toString());
      }
      docrootFails = true;
    }
    return found;
  }

  private static MountTable mountTable() {
    try {
      return MountTable.parse(Files.readAllLines(MOUNTS));
    } catch (IOException e) {
      log.debug("no table of mounts: {}", e.toString());
      return new MountTable(List.of());
    }
  }

  private void look(DeviceId device, MountTable mounts) {
    try {
      if (places.identities().mounts().hasLostItsDisk(device)) {
        become(device, Optional.empty(), Optional.of("its disk is not mounted any more"));
        return;
      }
      var refused = places.identities().look(device).refused();
      if (refused.isPresent()) {
        places.openBlobs().closeAllOf(device);
        become(device, Optional.empty(), refused);
        return;
      }
      places.trust().look(device);
      if (!states.containsKey(device)) {
        places.atFirstSight().accept(device);
      }
      write(device, mounts);
    } catch (IOException e) {
      var failure = DiskException.of(e);
      complaints.report(device, failure, UsageFile.NAME);
      if (failure.isInterruption()) {
        return;
      }
      become(
          device,
          places.room().of(places.docroot().device(device)),
          Optional.of(String.valueOf(failure.getMessage())));
    } finally {
      lookedAtSince.remove(device);
    }
  }

  /** That it has no identity yet keeps no device from being used. */
  private void identify(DeviceId device) {
    var state = states.get(device);
    if (state == null || !state.isWritable()) {
      return;
    }
    try {
      places.identities().createIfMissing(device);
    } catch (IOException e) {
      complaints.report(device, DiskException.of(e), DeviceIdentities.FILE);
    }
  }

  private void write(DeviceId device, MountTable mounts) throws IOException {
    var directory = places.docroot().device(device).toRealPath();
    var space = places.room().of(directory);
    if (space.isEmpty()) {
      throw new DiskException(DiskException.Code.BROKEN, "its size cannot be read");
    }
    var source = mounts.of(directory).map(MountTable.Mount::source).orElse("unknown");
    var report = new UsageReport(space.get(), source, directory.toString(), time.epochSecond());
    UsageFile.write(
        directory, report.text(), channel -> places.trust().sync(device, channel, false));
    places.openBlobs().changed(BlobPath.of(device, UsageFile.NAME));
    become(device, space, places.trust().distrust(device));
  }

  private void become(
      DeviceId device, Optional<UsageReport.Space> space, Optional<String> problem) {
    var before =
        states.put(
            device,
            new DeviceState(device, space, problem, places.trust().distrust(device).isEmpty()));
    if (before == null) {
      log.info("dev{} is here{}", device, problem.map(why -> ", but " + why).orElse(""));
    } else if (!before.problem().equals(problem)) {
      problem.ifPresentOrElse(
          why -> log.error("dev{} cannot be written: {}", device, why),
          () -> log.info("dev{} can be written again", device));
    }
  }
}
