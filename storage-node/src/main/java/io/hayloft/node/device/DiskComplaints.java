package io.hayloft.node.device;

import io.hayloft.node.blob.DiskException;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.Time;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what disks fail or refuse and tells of it, without a line for every request. */
public final class DiskComplaints {

  private static final Logger log = LoggerFactory.getLogger(DiskComplaints.class);

  private final RepeatedCauses repeated;
  private final LongAdder total = new LongAdder();
  private final Map<DeviceId, Map<DiskException.Code, LongAdder>> counts =
      new ConcurrentHashMap<>();

  public DiskComplaints(Time time) {
    this.repeated = new RepeatedCauses(log, time);
  }

  /**
   * @param what the file, for the line in the log
   */
  public void report(DeviceId device, DiskException failure, String what) {
    if (failure.isInterruption()) {
      log.debug("dev{}: {} was interrupted", device, what);
      return;
    }
    total.increment();
    counts
        .computeIfAbsent(device, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(failure.code(), _ -> new LongAdder())
        .increment();
    switch (failure.code()) {
      case BROKEN -> repeated.warn(cause(device, failure), what, failure);
      case FULL, READ_ONLY, DENIED -> repeated.warn(cause(device, failure), what);
      case IN_THE_WAY, BAD_NAME, REFUSED, TOO_MANY_FILES, DISTRUSTED ->
          log.debug("dev{} refuses {}: {}", device, what, failure.getMessage());
    }
  }

  private static String cause(DeviceId device, DiskException failure) {
    return "dev" + device + ": " + failure.getMessage();
  }

  /** How many failures there were since the start. */
  public long total() {
    return total.sum();
  }

  /** How many of each kind a device had since the start; those that it had none of are left out. */
  Map<DiskException.Code, Long> of(DeviceId device) {
    var kinds = new EnumMap<DiskException.Code, Long>(DiskException.Code.class);
    counts.getOrDefault(device, Map.of()).forEach((code, count) -> kinds.put(code, count.sum()));
    return kinds;
  }

  /** Writes the lines that are due. To be called now and then. */
  public void flushDue() {
    repeated.flushDue();
  }
}
