package io.hayloft.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, from the kernel's own books below {@code /proc}. Processor time
 * is counted there in hundredths of a second, so only sums over many operations mean anything.
 */
public record ProcessMeter(long pid) {

  /** USER_HZ, which is 100 on every Linux that Java runs on. */
  private static final long MICROS_PER_TICK = 10_000;

  /** Processor time of all its threads, in user and kernel mode, in microseconds. */
  public long cpuMicros() {
    return cpuMicros(read("stat"));
  }

  /** What of its memory is in RAM now, in KiB. */
  public long residentKib() {
    return residentKib(read("status"));
  }

  /** How many threads of the kernel's it has; virtual ones do not count. */
  public long threads() {
    return number(read("status"), "Threads");
  }

  /** How many bytes had to be fetched from a disk for it. */
  public long diskReadBytes() {
    return diskReadBytes(read("io"));
  }

  /**
   * Fields 14 and 15 of {@code /proc/PID/stat}; the name before them may hold blanks and
   * parentheses.
   */
  static long cpuMicros(String stat) {
    int afterName = stat.lastIndexOf(')');
    if (afterName < 0) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + stat);
    }
    // Field 3 is the first one after the name.
    var fields = stat.substring(afterName + 1).strip().split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
  }

  /** The line {@code VmRSS} of {@code /proc/PID/status}. */
  static long residentKib(String status) {
    return number(status, "VmRSS");
  }

  /** The line {@code read_bytes} of {@code /proc/PID/io}. */
  static long diskReadBytes(String io) {
    return number(io, "read_bytes");
  }

  private static long number(String lines, String name) {
    return lines
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no line " + name));
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " cannot be looked at", e);
    }
  }
}
