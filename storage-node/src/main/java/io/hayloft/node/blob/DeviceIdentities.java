package io.hayloft.node.blob;

import io.hayloft.node.kernel.InodeState;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which disk is behind which number. Each device has a file {@value #FILE}, which no protocol
 * reaches:
 *
 * <pre>
 * device 7
 * uuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b
 * </pre>
 *
 * A directory whose file names another number than its own holds another device's disk: nothing on
 * it is what the database says that it is, so the device is refused, for reading and for writing. A
 * device that takes writes and has no such file gets one.
 *
 * <h2>What a damaged file means</h2>
 *
 * Nothing: it names no other number, so the device is served, without an identity, and a person is
 * told. Making a new identity would hide from trackers that a disk was exchanged.
 */
public final class DeviceIdentities {

  public static final String FILE = BlobPath.RESERVED + "-device";
  private static final PrivateFile KEPT = new PrivateFile("device");

  private static final Logger log = LoggerFactory.getLogger(DeviceIdentities.class);
  private static final Pattern NUMBER = Pattern.compile("(?m)^device (\\d{1,8})$");
  private static final Pattern UNIQUE = Pattern.compile("(?m)^uuid ([0-9a-f-]{36})$");

  private final Docroot docroot;
  private final MountGuard mounts;
  private final RandomGenerator random;
  private final Map<DeviceId, Known> known = new ConcurrentHashMap<>();
  private final Set<DeviceId> creating = ConcurrentHashMap.newKeySet();

  /**
   * What is known of a device.
   *
   * @param uuid of its disk
   * @param refused why the device is not served; empty when it is
   */
  public record Identity(Optional<String> uuid, Optional<String> refused) {}

  /** What its file said. */
  private sealed interface Read {
    record Named(DeviceId number, String uuid) implements Read {}

    record Missing() implements Read {}

    record Damaged(String why) implements Read {}
  }

  /**
   * What its file said when it was last read.
   *
   * @param directory the directory that it was in, which another disk does not have
   * @param seat where that is, for a device that is served
   */
  private record Known(Read read, Optional<InodeState.Key> directory, Optional<DeviceSeat> seat) {}

  public DeviceIdentities(Docroot docroot, MountGuard mounts, RandomGenerator random) {
    this.docroot = docroot;
    this.mounts = mounts;
    this.random = random;
  }

  public MountGuard mounts() {
    return mounts;
  }

  /** As the file said when it was last read; reads it if nobody has yet. */
  public Identity of(DeviceId device) {
    var seen = known.get(device);
    return identity(device, seen == null ? read(device) : seen.read());
  }

  /** The same from the disk. Tells the log once of what a person must see to. */
  public Identity look(DeviceId device) {
    return identity(device, read(device));
  }

  /**
   * Why the files of a device cannot be told now; empty when they can. For who would conclude
   * something from what is not there, so it looks at the disk.
   */
  public Optional<String> unavailable(DeviceId device) throws IOException {
    if (!docroot.has(device)) {
      return Optional.of("There is no device " + device.directory() + ".");
    }
    if (mounts.hasLostItsDisk(device)) {
      return Optional.of(device.directory() + ": its disk is not mounted any more");
    }
    return look(device).refused().map(why -> device.directory() + " is refused: " + why);
  }

  /**
   * To be asked before each use: between two looks somebody may have changed the disks, and what is
   * written then would be on another disk than everybody believes.
   *
   * @throws DiskException when another device's disk is in the directory
   */
  void admit(DeviceId device) throws DiskException {
    var seen = known.get(device);
    boolean isSame = seen != null && seen.directory().equals(directory(device));
    var refused = (isSame ? of(device) : look(device)).refused();
    if (refused.isPresent()) {
      throw new DiskException(
          DiskException.Code.REFUSED, device.directory() + " is refused: " + refused.get());
    }
  }

  private static Identity identity(DeviceId device, Read read) {
    return switch (read) {
      case Read.Missing() -> new Identity(Optional.empty(), Optional.empty());
      case Read.Damaged(_) -> new Identity(Optional.empty(), Optional.empty());
      case Read.Named(var number, var uuid) ->
          new Identity(
              Optional.of(uuid),
              number.equals(device)
                  ? Optional.empty()
                  : Optional.of("its directory says that it is " + number.directory()));
    };
  }

  /** What tells the device's directory from others; empty when there is none. */
  private Optional<InodeState.Key> directory(DeviceId device) {
    try {
      return Optional.of(InodeState.followed(docroot.device(device)).key());
    } catch (IOException e) {
      log.trace("no directory of dev{}", device, e);
      return Optional.empty();
    }
  }

  private Read read(DeviceId device) {
    var directory = docroot.device(device);
    if (!Files.isDirectory(directory)) {
      known.remove(device);
      return new Read.Missing();
    }
    // Before the file is read: where the disk is changed in between it is read again.
    var key = directory(device);
    Read read;
    try {
      read = KEPT.read(directory).map(DeviceIdentities::parse).orElseGet(Read.Missing::new);
    } catch (IOException e) {
      var failure = DiskException.of(e);
      if (failure.isInterruption()) {
        var before = known.get(device);
        return before == null ? new Read.Missing() : before.read();
      }
      read = new Read.Damaged(String.valueOf(failure.getMessage()));
    }
    var before = known.put(device, new Known(read, key, seat(device, read, key)));
    if (before == null || !read.equals(before.read())) {
      tell(device, read);
    }
    return read;
  }

  private Optional<DeviceSeat> seat(DeviceId device, Read read, Optional<InodeState.Key> key) {
    if (key.isEmpty() || identity(device, read).refused().isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DeviceSeat.of(docroot.device(device), key.get()));
    } catch (IOException e) {
      log.trace("no directory of dev{}", device, e);
      return Optional.empty();
    }
  }

  /** Where a device is that was admitted before; empty when it has to be looked at first. */
  Optional<DeviceSeat> seat(DeviceId device) {
    var seen = known.get(device);
    return seen == null ? Optional.empty() : seen.seat();
  }

  private static void tell(DeviceId device, Read read) {
    identity(device, read)
        .refused()
        .ifPresent(why -> log.error("dev{} is neither read nor written: {}", device, why));
    if (read instanceof Read.Damaged(var why)) {
      log.error(
          "dev{} is served without its identity, because {} is damaged: {}. If it is the right"
              + " disk, remove the file: a new one is made",
          device,
          FILE,
          why);
    }
  }

  private static Read parse(String text) {
    var number = NUMBER.matcher(text);
    var unique = UNIQUE.matcher(text);
    if (!number.find() || !unique.find()) {
      return new Read.Damaged("it has no number or no UUID");
    }
    return RequestPath.device("dev" + number.group(1))
        .<Read>map(id -> new Read.Named(id, unique.group(1)))
        .orElseGet(() -> new Read.Damaged("its number is not that of a device"));
  }

  /**
   * Gives a device an identity if it has none: durable when this returns, and whole or not there
   * after a crash. To be called when the device has just taken a write.
   */
  public void createIfMissing(DeviceId device) throws IOException {
    var seen = known.get(device);
    if (seen == null || !(seen.read() instanceof Read.Missing) || !creating.add(device)) {
      return;
    }
    try {
      var directory = docroot.device(device);
      if (!KEPT.isIn(directory)) {
        KEPT.write(directory, "device " + device + "\nuuid " + newUuid() + "\n");
        var made = read(device);
        log.info("dev{} has a new identity: {}", device, identity(device, made).uuid().orElse("-"));
      }
    } finally {
      creating.remove(device);
    }
  }

  /** A random one, version 4. */
  private UUID newUuid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
