package io.hayloft.node.scrub;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.PrivateFile;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What was found and nobody has dealt with yet, by device and kept on it, so that it outlives the
 * process and moves with the disk. Of each device a bounded number; beyond it nothing more is
 * looked for, because such a disk is beyond mending file by file.
 *
 * <p>The methods but {@link #oldest} and {@link #isFull} may wait for a disk.
 */
public final class Findings {

  static final int MOST = 1_000;
  private static final PrivateFile KEPT = new PrivateFile("findings");

  private final Docroot docroot;
  private final Map<DeviceId, OfDevice> devices = new ConcurrentHashMap<>();

  /** Findings of one device by path, oldest first. */
  private static final class OfDevice {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<BlobPath, Finding> byPath = new LinkedHashMap<>();

    /** Who reads or writes the file. */
    private final Semaphore turn = new Semaphore(1, true);

    private boolean loaded;

    List<Finding> all() {
      lock.lock();
      try {
        return List.copyOf(byPath.values());
      } finally {
        lock.unlock();
      }
    }

    void add(Finding finding) {
      lock.lock();
      try {
        byPath.putIfAbsent(finding.path(), finding);
      } finally {
        lock.unlock();
      }
    }

    void forget(Collection<BlobPath> paths) {
      lock.lock();
      try {
        paths.forEach(byPath::remove);
      } finally {
        lock.unlock();
      }
    }
  }

  public Findings(Docroot docroot) {
    this.docroot = docroot;
  }

  /** Work with a device's findings by one at a time. */
  @FunctionalInterface
  private interface Turn {
    void take(OfDevice findings) throws IOException;
  }

  private void inTurn(DeviceId device, Turn turn) throws IOException {
    var findings = devices.computeIfAbsent(device, _ -> new OfDevice());
    findings.turn.acquireUninterruptibly();
    try {
      if (!findings.loaded) {
        KEPT.read(docroot.device(device)).stream()
            .flatMap(String::lines)
            .flatMap(line -> Finding.parse(line).stream())
            .filter(finding -> finding.path().device().equals(device))
            .forEach(findings::add);
        findings.loaded = true;
      }
      turn.take(findings);
    } finally {
      findings.turn.release();
    }
  }

  /** Reads what earlier processes found, unless that was done. */
  public void load(DeviceId device) throws IOException {
    inTurn(device, _ -> {});
  }

  /** What was found first, over all devices that were loaded; at most so many. */
  List<Finding> oldest(int most) {
    return devices.values().stream()
        .flatMap(findings -> findings.all().stream())
        .sorted(Comparator.comparingLong(Finding::when))
        .limit(most)
        .toList();
  }

  boolean isFull(DeviceId device) {
    var findings = devices.get(device);
    return findings != null && findings.all().size() >= MOST;
  }

  boolean has(BlobPath path) {
    var findings = devices.get(path.device());
    return findings != null
        && findings.all().stream().anyMatch(finding -> finding.path().equals(path));
  }

  /**
   * Keeps a finding, then does what follows from it, then lets it be seen: who sees it must find
   * that done. A crash in between leaves a finding whose file is as it was, which is found again.
   */
  void add(Finding finding, Runnable consequence) throws IOException {
    inTurn(
        finding.path().device(),
        findings -> {
          var all = new ArrayList<>(findings.all());
          all.add(finding);
          try {
            write(finding.path().device(), all);
          } finally {
            // Also when the disk does not take it: this process still knows.
            consequence.run();
            findings.add(finding);
          }
        });
  }

  /** Forgets what was dealt with. */
  void forget(DeviceId device, Collection<BlobPath> paths) throws IOException {
    inTurn(
        device,
        findings -> {
          findings.forget(paths);
          write(device, findings.all());
        });
  }

  private void write(DeviceId device, List<Finding> findings) throws IOException {
    KEPT.write(
        docroot.device(device),
        findings.stream().map(finding -> finding.line() + "\n").collect(Collectors.joining()));
  }

  /** How many there are, over all devices. */
  public int count() {
    return devices.values().stream().mapToInt(findings -> findings.all().size()).sum();
  }
}
