package io.hayloft.tracker.node;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.Host;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What only Hayloft's own nodes can do; {@code docs/node-protocol.md} has the requests. Each call
 * but {@link #isNative} throws {@link IOException} when the node gives no answer, is another
 * server, or breaks off: nothing may be concluded then.
 */
public interface NativeNodes {

  /** Whether a host runs Hayloft's node, as far as is known: asks at first, then remembers. */
  boolean isNative(Host host);

  /**
   * What a node says of a device.
   *
   * @param identity of its disk
   * @param refused why the node does not serve it, if it does not
   * @param distrusted why the node takes no changes there although it serves it, if so
   */
  record DeviceAnswer(
      Optional<String> identity, Optional<String> refused, Optional<String> distrusted) {}

  /** The devices that a node has. */
  Map<DeviceId, DeviceAnswer> devices(Host host) throws IOException;

  /**
   * Which part of a device to list, and how.
   *
   * @param after files with greater fids only
   * @param until files up to this fid only
   * @param digests to compute from the bytes of each file
   * @param crc whether to compute the CRC-32C of the bytes of each file, too
   * @param bytesPerSecond how fast to read for that; empty for no limit
   */
  record Extent(
      long after,
      long until,
      Set<HashAlgorithm> digests,
      boolean crc,
      OptionalLong bytesPerSecond) {

    public Extent {
      digests = Set.copyOf(digests);
    }

    /** All files in that range, without reading any. */
    public static Extent of(long after, long until) {
      return new Extent(after, until, Set.of(), false, OptionalLong.empty());
    }
  }

  /**
   * What reading a file's bytes gave.
   *
   * @param crc32c as it is now; empty also where it was not asked for
   * @param digests as they are now; empty also where none was asked for
   * @param readable false when bytes were asked for and could not be read
   */
  record Content(OptionalInt crc32c, List<Checksum> digests, boolean readable) {

    /** Of a file that was not read. */
    public static final Content UNREAD = new Content(OptionalInt.empty(), List.of(), true);

    /** Of a file that could not be read. */
    public static final Content UNREADABLE = new Content(OptionalInt.empty(), List.of(), false);

    public Content {
      digests = List.copyOf(digests);
    }
  }

  /**
   * A file on a device.
   *
   * @param changed when it was written last, in seconds since 1970
   * @param crc32c as it was when it was stored
   * @param content as it is now
   */
  record Entry(Fid fid, long length, long changed, OptionalInt crc32c, Content content) {

    /** The CRC-32C of the bytes as they are now. */
    public OptionalInt crcNow() {
      return content.crc32c();
    }

    /** Digests of the bytes as they are now. */
    public List<Checksum> digests() {
      return content.digests();
    }

    /** False when its bytes were asked for and could not be read. */
    public boolean readable() {
      return content.readable();
    }
  }

  /** A listing that is being received, in the order of the fids. */
  interface Manifest extends Closeable {

    /**
     * The next file; empty once at the end of a whole listing.
     *
     * @throws IOException when the listing breaks off
     */
    Optional<Entry> next() throws IOException;
  }

  Manifest manifest(Host host, DeviceId device, Extent extent) throws IOException;

  /** Takes files out of the way, and tells which of them are so, or were not there. */
  Set<Place> quarantine(Host host, List<Place> places, String why) throws IOException;

  /**
   * A file that the node itself found to be bad and has taken out of the way.
   *
   * @param when in seconds since 1970
   */
  record Finding(Place place, long when, String reason) {}

  List<Finding> findings(Host host) throws IOException;

  /** Tells a node that what it found has been dealt with. */
  void acknowledge(Host host, List<Finding> findings) throws IOException;
}
