package io.hayloft.node.scrub;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.device.Background;
import io.hayloft.node.device.Devices;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all files of all devices again and again, slowly, and compares them with what was stored:
 * disks lose bytes silently, and a copy that nobody reads is not one before somebody has looked.
 * Each device has a task of its own, so that one that hangs does not keep the others from it.
 */
public final class Scrub implements Worker, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scrub.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** How long a device is left alone that is not due, or cannot be scrubbed now. */
  private static final Duration LEAVE_ALONE = Duration.ofSeconds(10);

  /** What scrubs work with. */
  public record Ground(
      BlobStore store,
      DeviceIdentities identities,
      Findings findings,
      Background background,
      DiskComplaints complaints,
      Time time) {}

  /**
   * @param bytesPerSecond of each device; 0 for no scrub
   * @param every a device is read once in that time at most
   */
  public record Settings(long bytesPerSecond, Duration every) {}

  private final Settings settings;
  private final Docroot docroot;
  private final Devices devices;
  private final Ground ground;
  private final Tasks tasks;
  private final ScrubMeters meters;
  private final RepeatedCauses causes;
  private final Map<DeviceId, Tasks.Task> running = new ConcurrentHashMap<>();
  private final Map<DeviceId, Long> leftAloneSince = new ConcurrentHashMap<>();

  public Scrub(
      Settings settings,
      Docroot docroot,
      Devices devices,
      Ground ground,
      Tasks tasks,
      MeterRegistry registry) {
    this.settings = settings;
    this.docroot = docroot;
    this.devices = devices;
    this.ground = ground;
    this.tasks = tasks;
    this.meters = ScrubMeters.of(registry, ground.findings());
    this.causes = new RepeatedCauses(log, ground.time());
  }

  @Override
  public Pace step() {
    causes.flushDue();
    for (var device : devices.ids()) {
      var task = running.get(device);
      if ((task == null || !task.isRunning()) && isDue(device)) {
        running.put(device, tasks.start("scrub of dev" + device, () -> scrub(device)));
      }
    }
    return Pace.rest(LOOK_EVERY);
  }

  private boolean isDue(DeviceId device) {
    var since = leftAloneSince.get(device);
    var rest = settings.every().compareTo(LEAVE_ALONE) < 0 ? settings.every() : LEAVE_ALONE;
    return since == null || ground.time().since(since).compareTo(rest) >= 0;
  }

  private void scrub(DeviceId device) throws InterruptedException {
    try {
      if (ground
          .background()
          .run(device, () -> ground.identities().unavailable(device))
          .isPresent()) {
        return;
      }
      var position = ground.background().run(device, () -> begin(device));
      if (settings.bytesPerSecond() > 0 && isOver(position)) {
        var directory = ground.background().run(device, () -> docroot.device(device).toRealPath());
        new DeviceScrub(device, directory, ground, settings.bytesPerSecond(), causes, meters)
            .pass(position);
      }
    } catch (IOException e) {
      ground.complaints().report(device, DiskException.of(e), "scrub");
    } finally {
      leftAloneSince.put(device, ground.time().nanoTime());
    }
  }

  private ScrubPosition begin(DeviceId device) throws IOException {
    ground.findings().load(device);
    return ScrubPosition.read(docroot.device(device));
  }

  /** Whether a pass was cut short, or the time since the last is over. */
  private boolean isOver(ScrubPosition position) {
    return position.after() > 0
        || ground.time().epochSecond() - position.ended() >= settings.every().toSeconds();
  }

  @Override
  public void close() {
    running.values().forEach(Tasks.Task::cancel);
  }
}
