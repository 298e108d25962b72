package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.kernel.CPath;
import io.hayloft.node.kernel.InodeState;
import io.hayloft.node.kernel.NewFile;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores small files that need not be durable with a handful of calls to the filesystem each, and
 * none to the JDK's. A reader, a crash and another process see what they see of an {@link Upload}:
 * nothing under the name before the whole file, and what is unfinished, if it has a name at all, is
 * where {@link TempFiles} has all of it.
 *
 * <p>Whatever is in any way unusual is not stored, leaves nothing, and is for the usual way, which
 * says what is wrong: a device that has not been admitted, a disk in another's place, a directory
 * that is missing or reached through a link, a disk that takes no more, a filesystem without
 * attributes.
 */
final class StoreAtOnce {

  private static final Logger log = LoggerFactory.getLogger(StoreAtOnce.class);

  /**
   * For how long files go to the directory that was found for the first of them. What comes one
   * after the other is for one directory mostly, and to find it is a tenth of all that storing one
   * asks of the kernel.
   */
  private static final long KEPT_NANOS = Duration.ofMillis(10).toNanos();

  private final DeviceIdentities identities;
  private final TempFiles temps;
  private final OpenBlobs openBlobs;
  private final Time time;
  private final boolean isPossible;

  /** Disks of which each file needs a note beside it. */
  private final Set<InodeState.Key> withoutAttributes = ConcurrentHashMap.newKeySet();

  private final ThreadLocal<Optional<Hand>> hands =
      ThreadLocal.withInitial(() -> NewFile.create(StoredCrc.NAME).map(Hand::new));

  /** What a thread stores files with, and the directory that it found for the last one. */
  private static final class Hand {
    private final NewFile file;
    private @Nullable CPath disk;
    private String below = "";
    private long found;

    Hand(NewFile file) {
      this.file = file;
    }

    boolean enter(CPath inDisk, String directory, long now) {
      if (inDisk.equals(disk) && directory.equals(below) && now - found < KEPT_NANOS) {
        return true;
      }
      letGo();
      if (!file.enter(inDisk, directory.getBytes(ISO_8859_1))) {
        return false;
      }
      disk = inDisk;
      below = directory;
      found = now;
      return true;
    }

    void letGo() {
      disk = null;
      file.close();
    }
  }

  /**
   * @param isWanted false where files are to be durable
   */
  StoreAtOnce(
      DeviceIdentities identities,
      TempFiles temps,
      OpenBlobs openBlobs,
      Time time,
      boolean isWanted) {
    this.identities = identities;
    this.temps = temps;
    this.openBlobs = openBlobs;
    this.time = time;
    this.isPossible = isWanted && NewFile.create(StoredCrc.NAME).isPresent();
  }

  /**
   * Stores it if it can, and tells its checksum then. The thread has a directory open afterwards,
   * until it is to {@link #rest}.
   *
   * @param bytes in memory outside of the heap; they stay as they are
   */
  OptionalInt store(BlobPath path, ByteBuffer bytes) {
    if (!isPossible || !bytes.isDirect() || !isAscii(path.text())) {
      return OptionalInt.empty();
    }
    var seat = identities.seat(path.device());
    if (seat.isEmpty() || withoutAttributes.contains(seat.get().key())) {
      return OptionalInt.empty();
    }
    var calls = hands.get();
    if (calls.isEmpty()) {
      // For want of descriptors, most likely; there may be some again for the next.
      hands.remove();
      return OptionalInt.empty();
    }
    var crc = new CRC32C();
    crc.update(bytes.duplicate());
    var hand = calls.get();
    boolean isStored = false;
    try {
      isStored = store(hand, path, seat.get(), bytes, (int) crc.getValue());
      hand.file.end();
    } finally {
      if (!isStored) {
        hand.letGo();
      }
    }
    if (!isStored) {
      log.debug("{} is not stored at once", path);
      if (hand.file.hasNoAttributes()) {
        withoutAttributes.add(seat.get().key());
      }
      return OptionalInt.empty();
    }
    openBlobs.changed(path);
    return OptionalInt.of((int) crc.getValue());
  }

  /** How other letters are spelled on the disk is for the JDK to say. */
  private static boolean isAscii(String text) {
    return text.chars().allMatch(letter -> letter < 128);
  }

  /** Lets go of the directory that this thread has open. */
  void rest() {
    if (isPossible) {
      hands.get().ifPresent(Hand::letGo);
    }
  }

  private boolean store(Hand hand, BlobPath path, DeviceSeat seat, ByteBuffer bytes, int crc) {
    var text = path.text();
    int below = text.indexOf('/', 1);
    int last = text.lastIndexOf('/');
    CPath disk = seat.real();
    var file = hand.file;
    // The directory first: it leads to the disk that the look at the device then finds, or to none.
    return hand.enter(disk, text.substring(below, last), time.nanoTime())
        && file.key(seat.directory()).filter(seat.key()::equals).isPresent()
        && file.begin(disk, temps.next().getBytes(ISO_8859_1))
        && file.write(bytes)
        && file.keep(StoredCrc.text(crc).getBytes(ISO_8859_1))
        && file.place(text.substring(last + 1).getBytes(ISO_8859_1));
  }
}
