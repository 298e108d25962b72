package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what a disk says of a sync can be believed. After one that failed it cannot, until the
 * disk has been {@link #check}ed: no change of its files is acknowledged, and none is begun.
 *
 * <h2>Why one failure is enough</h2>
 *
 * When it cannot write a page, Linux tells those who sync the file at the time, once, and may take
 * the page for clean: it is read as if it were on the disk, the next sync succeeds, and a loss of
 * power takes it away. A directory's block is shared by all files in it, so a later sync of it can
 * succeed for a name that an earlier, failed one was to write. What was acknowledged before is not
 * in doubt: its own syncs had succeeded.
 *
 * <h2>How long it lasts</h2>
 *
 * As long as the kernel's memory of the disk, whose pages are what cannot be trusted: a file
 * {@value #MARKER} is written, without a sync, into the device. It outlives this process but not
 * the kernel, after whose start the disk is what it is. The next process finds it, and checks the
 * disk before it writes there.
 */
public final class SyncTrust {

  public static final String MARKER = BlobPath.RESERVED + "-distrusted";

  private static final Logger log = LoggerFactory.getLogger(SyncTrust.class);

  /** The act itself, so that a test can fail it. */
  @FunctionalInterface
  interface Act {
    void sync(FileChannel channel, boolean metadata) throws IOException;
  }

  /**
   * A loss of trust.
   *
   * @param failures since then; a check is void when one comes in the middle of it
   */
  private record Lost(String why, int failures) {}

  private final Docroot docroot;
  private final SyncTrial trial;
  private final Act act;
  private final Map<DeviceId, Lost> lost = new ConcurrentHashMap<>();
  private final Set<DeviceId> looked = ConcurrentHashMap.newKeySet();
  private final Set<DeviceId> checking = ConcurrentHashMap.newKeySet();

  SyncTrust(Docroot docroot, SyncTrial trial, Act act) {
    this.docroot = docroot;
    this.trial = trial;
    this.act = act;
  }

  SyncTrust(Docroot docroot, SyncTrial trial) {
    this(docroot, trial, FileChannel::force);
  }

  /** Makes an open file of the device durable. When that fails, the device is not trusted. */
  public void sync(DeviceId device, FileChannel channel, boolean metadata) throws IOException {
    try {
      act.sync(channel, metadata);
    } catch (ClosedChannelException stopping) {
      throw stopping;
    } catch (IOException e) {
      lose(device, DiskException.of(e));
      throw e;
    }
  }

  private void lose(DeviceId device, DiskException failure) {
    var words = String.valueOf(failure.getMessage());
    var now =
        lost.compute(
            device,
            (_, before) ->
                before == null
                    ? new Lost(words, 1)
                    : new Lost(before.why(), before.failures() + 1));
    if (now.failures() == 1) {
      log.error(
          "dev{}: a sync failed: {}. Nothing is written there until it has been checked",
          device,
          words);
      try {
        Files.writeString(marker(device), words);
      } catch (IOException e) {
        log.warn("dev{}: {} cannot be written: {}", device, MARKER, e.toString());
      }
    }
  }

  private Path marker(DeviceId device) {
    return docroot.device(device).resolve(MARKER);
  }

  /** Looks whether an earlier process has lost trust in the device. To be called now and then. */
  public void look(DeviceId device) {
    if (checking.contains(device)) {
      return;
    }
    try {
      var words = Files.readString(marker(device));
      if (lost.putIfAbsent(device, new Lost(words.isEmpty() ? "unknown" : words, 1)) == null) {
        log.warn("dev{}: a sync failed before this process began: {}", device, words);
      }
      looked.add(device);
    } catch (NoSuchFileException none) {
      if (docroot.has(device)) {
        looked.add(device);
      }
    } catch (IOException e) {
      log.debug("dev{}: {} cannot be read: {}", device, MARKER, e.toString());
    }
  }

  /** Why the device is not to be written; empty when it is trusted. */
  public Optional<String> distrust(DeviceId device) {
    return Optional.ofNullable(lost.get(device))
        .map(why -> "a sync failed (" + why.why() + "), and it was not checked since");
  }

  /**
   * To be asked before a change of a device's files and again after its last sync: another's may
   * have failed meanwhile.
   *
   * @throws DiskException when the device is not trusted
   */
  void admit(DeviceId device) throws DiskException {
    if (!looked.contains(device)) {
      look(device);
    }
    var why = distrust(device);
    if (why.isPresent()) {
      throw new DiskException(
          DiskException.Code.DISTRUSTED, device.directory() + " takes no changes: " + why.get());
    }
  }

  /**
   * Tries the disk out, and trusts it again if it passes. May take as long as the disk needs to
   * write all that waits for it.
   *
   * @throws DiskException why it has not passed
   */
  public void check(DeviceId device) throws DiskException {
    if (!checking.add(device)) {
      throw new DiskException(
          DiskException.Code.DISTRUSTED, device.directory() + " is being checked already");
    }
    try {
      var before = lost.get(device);
      trial.run(device, docroot.device(device), this::sync);
      if (before != null && !lost.remove(device, before)) {
        throw new DiskException(
            DiskException.Code.DISTRUSTED, "another sync failed while it was checked");
      }
      if (Files.deleteIfExists(marker(device)) || before != null) {
        log.warn("dev{} has passed its check and takes changes again", device);
      }
    } catch (IOException e) {
      var failure = DiskException.of(e);
      if (failure.code() == DiskException.Code.BROKEN && !failure.isInterruption()) {
        lose(device, failure);
      }
      throw failure;
    } finally {
      checking.remove(device);
    }
  }

  /** For a process that begins: checks a device that an earlier one did not trust. */
  public void checkIfMarked(DeviceId device) {
    look(device);
    if (distrust(device).isPresent()) {
      try {
        check(device);
      } catch (DiskException e) {
        log.error("dev{} has not passed its check: {}", device, e.getMessage());
      }
    }
  }
}
