package io.hayloft.node.quarantine;

import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Quarantine;
import io.hayloft.node.device.Background;
import io.hayloft.node.device.Devices;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what has been in quarantine for long enough, a device at a time. */
public final class Retention implements Worker {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

  /** Which devices there are is known only after the first look at them. */
  private static final Duration UNTIL_DEVICES = Duration.ofSeconds(1);

  /** Deleted in one piece of work. */
  private static final int PORTION = 200;

  private final Quarantine quarantine;
  private final Devices devices;
  private final Background background;
  private final DiskComplaints complaints;
  private final Duration retention;
  private final Time time;

  public Retention(
      Quarantine quarantine,
      Devices devices,
      Background background,
      DiskComplaints complaints,
      Duration retention,
      Time time) {
    this.quarantine = quarantine;
    this.devices = devices;
    this.background = background;
    this.complaints = complaints;
    this.retention = retention;
    this.time = time;
  }

  @Override
  public Pace step() throws InterruptedException {
    for (var device : devices.ids()) {
      try {
        deleteOld(device);
      } catch (DiskException e) {
        complaints.report(device, e, Quarantine.DIRECTORY);
      }
    }
    if (devices.ids().isEmpty()) {
      return Pace.rest(UNTIL_DEVICES);
    }
    var soon = retention.compareTo(LOOK_EVERY) < 0 ? retention : LOOK_EVERY;
    return Pace.rest(soon.plusMillis(100));
  }

  private void deleteOld(DeviceId device) throws DiskException, InterruptedException {
    long before = time.epochSecond() - retention.toSeconds();
    int deleted = 0;
    int last;
    do {
      try {
        last = background.run(device, () -> quarantine.deleteOld(device, before, PORTION));
      } catch (IOException e) {
        throw DiskException.of(e);
      }
      deleted += last;
    } while (last == PORTION);
    if (deleted > 0) {
      log.info("dev{}: deleted {} files whose time in quarantine is over", device, deleted);
    }
  }
}
