package io.hayloft.tracker.node;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.Space;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The storage nodes, whatever program they run. Each call answers within the node time-out (digests
 * and copies take longer for long files) and never throws for what a node does: that is part of the
 * answer.
 */
public interface StorageNodes {

  /** What a node says of a replica. */
  sealed interface Presence {

    /** It is there, so many bytes long. */
    record Present(long length) implements Presence {}

    record Missing() implements Presence {}

    /** No answer, or not one that tells. */
    record CannotTell(String why) implements Presence {}
  }

  Presence look(Place place);

  /**
   * As {@link #look(Place)}, for those who must not wait.
   *
   * @param then hears it once, on a thread that others depend on: it must not be kept waiting, and
   *     not be thrown at
   * @return false when it takes waiting: then nothing was begun, and nothing is heard
   */
  default boolean look(Place place, Consumer<Presence> then) {
    return false;
  }

  /**
   * As {@link #look(Place, Consumer)}, for those who want to know no more than whether all is as it
   * should be, and soon.
   *
   * @param patience how long to wait for the node, about
   * @param then hears the length, as there; or nothing when the node has said anything else, or not
   *     in time
   * @return false when it cannot be asked so
   */
  default boolean glance(Place place, Duration patience, Consumer<OptionalLong> then) {
    return false;
  }

  /**
   * Makes the directories that a replica goes into; failures are left to the write that follows.
   */
  void prepare(List<Place> places);

  /**
   * Whether it is known, without asking anybody, that there is nothing to prepare for a replica.
   */
  default boolean isPrepared(Place place) {
    return false;
  }

  /** How a deletion ended. */
  sealed interface Deletion {

    /** The bytes are not there any more, or never were. */
    record Gone() implements Deletion {}

    record Failed(String why) implements Deletion {}
  }

  Deletion delete(Place place);

  /**
   * A copy to be made.
   *
   * @param length in bytes; a source of any other length is not copied
   * @param known what the file's digest should be
   * @param wanted the digest to compute on the way
   */
  record Order(
      Place from,
      Place to,
      long length,
      Optional<Checksum> known,
      Optional<HashAlgorithm> wanted) {}

  /** How a copy ended. */
  sealed interface Copy {

    /** The destination has all bytes. */
    record Made(Optional<Checksum> checksum) implements Copy {}

    record SourceFailed(String why) implements Copy {}

    record DestinationFailed(String why) implements Copy {}
  }

  Copy copy(Order order);

  /**
   * Makes copies, several at a time and all in one request where the nodes can: in the order of the
   * list as far as that is possible. All orders have the same destination host; directories are
   * made where they are missing.
   *
   * @param ended told of each copy as it ends, by several threads; must not wait for long
   */
  default void copyAll(List<Order> orders, BiConsumer<Order, Copy> ended)
      throws InterruptedException {
    for (var order : orders) {
      prepare(List.of(order.to()));
      ended.accept(order, copy(order));
    }
  }

  /**
   * Whether a host compares what it stores with the digest that a copy should have, and computes
   * those wanted from that: then a copy that it says is made need not be read back.
   */
  default boolean verifiesCopies(Host host) {
    return false;
  }

  /** Removes replicas that are on one host, in one request where the node can. */
  default Map<Place, Deletion> deleteAll(Host host, List<Place> places)
      throws InterruptedException {
    var deletions = new LinkedHashMap<Place, Deletion>();
    places.forEach(place -> deletions.put(place, delete(place)));
    return deletions;
  }

  /** Looks at replicas that are on one host, in one request where the node can. */
  default Map<Place, Presence> lookAll(Host host, List<Place> places) throws InterruptedException {
    var presences = new LinkedHashMap<Place, Presence>();
    places.forEach(place -> presences.put(place, look(place)));
    return presences;
  }

  /** The digest of a replica as stored now; empty when it cannot be had. */
  Optional<Checksum> digest(Place place, HashAlgorithm algorithm, long length);

  /** What reading a device's usage file gave. */
  sealed interface Usage {

    record Read(Space space) implements Usage {}

    /** The node answers, but not with a usage file that makes sense. */
    record Unreadable(String why) implements Usage {}

    /**
     * @param timedOut whether nothing came at all: the host rather than the device is to blame
     */
    record Unreachable(boolean timedOut, String why) implements Usage {}
  }

  Usage usage(Host host, DeviceId device);

  /**
   * How busy the disks of a host are, in percent as text or {@code -} where the node cannot tell,
   * as it said within the last seconds. Empty where it does not say. Answers at once, from what has
   * come; asking is what keeps news coming, so whoever wants it asks every few seconds.
   */
  Map<DeviceId, String> utilization(Host host);

  /** Whether a small file could be written to a device and read back. */
  boolean testWrite(Host host, DeviceId device);

  /** Whether the node refuses a body that does not fit its Content-MD5. */
  boolean rejectsBadMd5(Host host, DeviceId device);

  /** What only Hayloft's own nodes can do, where that can be asked at all. */
  default Optional<NativeNodes> nativeNodes() {
    return Optional.empty();
  }
}
