package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
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
  private static final String NEXT = FILE + "-next";

  private static final Logger log = LoggerFactory.getLogger(DeviceIdentities.class);
  private static final int LONGEST = 4_096;
  private static final Pattern NUMBER = Pattern.compile("(?m)^device (\\d{1,8})$");
  private static final Pattern UNIQUE = Pattern.compile("(?m)^uuid ([0-9a-f-]{36})$");

  private final Docroot docroot;
  private final MountGuard mounts;
  private final RandomGenerator random;
  private final Map<DeviceId, Read> known = new ConcurrentHashMap<>();

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

  public DeviceIdentities(Docroot docroot, MountGuard mounts, RandomGenerator random) {
    this.docroot = docroot;
    this.mounts = mounts;
    this.random = random;
  }

  MountGuard mounts() {
    return mounts;
  }

  /** As the file said when it was last read; reads it if nobody has yet. */
  public Identity of(DeviceId device) {
    var read = known.get(device);
    return identity(device, read == null ? read(device) : read);
  }

  /** The same from the disk. Tells the log once of what a person must see to. */
  public Identity look(DeviceId device) {
    return identity(device, read(device));
  }

  /**
   * @throws DiskException when another device's disk is in the directory
   */
  void admit(DeviceId device) throws DiskException {
    var refused = of(device).refused();
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

  private Read read(DeviceId device) {
    var directory = docroot.device(device);
    if (!Files.isDirectory(directory)) {
      known.remove(device);
      return new Read.Missing();
    }
    var read = read(directory);
    var before = known.put(device, read);
    if (!read.equals(before)) {
      tell(device, read);
    }
    return read;
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

  private static Read read(Path directory) {
    String text;
    try (var channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var bytes = ByteBuffer.allocate(LONGEST);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // On to the end.
      }
      text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return new Read.Missing();
    } catch (IOException e) {
      return new Read.Damaged(String.valueOf(DiskException.of(e).getMessage()));
    }
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
    var directory = docroot.device(device);
    if (!(known.get(device) instanceof Read.Missing)
        || Files.exists(directory.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var next = directory.resolve(NEXT);
    var text = "device " + device + "\nuuid " + newUuid() + "\n";
    try (var channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS)) {
      for (var bytes = StandardCharsets.UTF_8.encode(text); bytes.hasRemaining(); ) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    Files.move(next, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
    var made = read(device);
    log.info("dev{} has a new identity: {}", device, identity(device, made).uuid().orElse("-"));
  }

  /** A random one, version 4. */
  private UUID newUuid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
