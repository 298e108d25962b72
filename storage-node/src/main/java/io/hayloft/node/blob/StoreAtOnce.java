package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.kernel.CPath;
import io.hayloft.node.kernel.InodeState;
import io.hayloft.node.kernel.NewFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
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

  private final DeviceIdentities identities;
  private final TempFiles temps;
  private final OpenBlobs openBlobs;
  private final boolean isPossible;

  /** Disks of which each file needs a note beside it. */
  private final Set<InodeState.Key> withoutAttributes = ConcurrentHashMap.newKeySet();

  private final ThreadLocal<Optional<NewFile>> files =
      ThreadLocal.withInitial(() -> NewFile.create(StoredCrc.NAME));

  /**
   * @param isWanted false where files are to be durable
   */
  StoreAtOnce(DeviceIdentities identities, TempFiles temps, OpenBlobs openBlobs, boolean isWanted) {
    this.identities = identities;
    this.temps = temps;
    this.openBlobs = openBlobs;
    this.isPossible = isWanted && NewFile.create(StoredCrc.NAME).isPresent();
  }

  /**
   * Stores it if it can, and tells its checksum then.
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
    var calls = files.get();
    if (calls.isEmpty()) {
      // For want of descriptors, most likely; there may be some again for the next.
      files.remove();
      return OptionalInt.empty();
    }
    var crc = new CRC32C();
    crc.update(bytes.duplicate());
    try (var file = calls.get()) {
      if (!store(file, path, seat.get(), bytes, (int) crc.getValue())) {
        log.debug("{} is not stored at once", path);
        if (file.hasNoAttributes()) {
          withoutAttributes.add(seat.get().key());
        }
        return OptionalInt.empty();
      }
    }
    openBlobs.changed(path);
    return OptionalInt.of((int) crc.getValue());
  }

  /** How other letters are spelled on the disk is for the JDK to say. */
  private static boolean isAscii(String text) {
    return text.chars().allMatch(letter -> letter < 128);
  }

  private boolean store(NewFile file, BlobPath path, DeviceSeat seat, ByteBuffer bytes, int crc) {
    var text = path.text();
    int below = text.indexOf('/', 1);
    int last = text.lastIndexOf('/');
    CPath disk = seat.real();
    // The directory first: it leads to the disk that the look at the device then finds, or to none.
    return file.enter(disk, text.substring(below, last).getBytes(ISO_8859_1))
        && file.key(seat.directory()).filter(seat.key()::equals).isPresent()
        && file.begin(disk, temps.next().getBytes(ISO_8859_1))
        && file.write(bytes)
        && file.keep(StoredCrc.text(crc).getBytes(ISO_8859_1))
        && file.place(text.substring(last + 1).getBytes(ISO_8859_1));
  }
}
