package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.store.ReplicationStore;
import java.util.List;
import java.util.Optional;

/**
 * Makes one copy and records it. Where a digest of the file is known, or its class keeps one, the
 * source must have it as its bytes pass by, and the destination as they were stored; only then is
 * the copy recorded.
 */
public final class CopyMaking {

  /** How it ended. */
  public sealed interface Outcome {
    record Made() implements Outcome {}

    /** The file was deleted meanwhile; the new copy is queued to be deleted as well. */
    record FileGone() implements Outcome {}

    record SourceFailed(String why) implements Outcome {}

    record DestinationFailed(String why) implements Outcome {}
  }

  private final StorageNodes nodes;
  private final ReplicationStore store;
  private final CopySources sources;

  public CopyMaking(StorageNodes nodes, ReplicationStore store) {
    this(nodes, store, CopySources.USUAL);
  }

  public CopyMaking(StorageNodes nodes, ReplicationStore store, CopySources sources) {
    this.nodes = nodes;
    this.store = store;
    this.sources = sources;
  }

  /**
   * @param stored the digest that is kept of the file, if any
   */
  public Outcome make(
      StoredFile file, Optional<Checksum> stored, Device from, Device to, ClusterView cluster)
      throws InterruptedException {
    var source = source(file, from, cluster);
    var destination = place(file, to, cluster);
    if (source.isEmpty()) {
      return new Outcome.SourceFailed("its host is not known");
    }
    if (destination.isEmpty()) {
      return new Outcome.DestinationFailed("its host is not known");
    }
    nodes.prepare(List.of(destination.get()));
    var wanted =
        stored.isPresent()
            ? Optional.<HashAlgorithm>empty()
            : ReplicatePlan.terms(file, cluster).hash();
    var order = new Order(source.get(), destination.get(), file.length(), stored, wanted);
    return switch (nodes.copy(order)) {
      case Copy.SourceFailed(var why) -> new Outcome.SourceFailed(why);
      case Copy.DestinationFailed(var why) -> new Outcome.DestinationFailed(why);
      case Copy.Made(var computed) -> {
        var bad = verify(file, destination.get(), stored, computed, cluster);
        yield bad.isPresent()
            ? bad.get()
            : store.copied(file.fid(), to.id(), computed)
                ? new Outcome.Made()
                : new Outcome.FileGone();
      }
    };
  }

  private static Optional<Place> place(StoredFile file, Device device, ClusterView cluster) {
    return cluster.host(device.host()).map(host -> Place.of(host, device.id(), file.fid()));
  }

  /** Where the bytes are read: perhaps by another way than clients use. */
  private Optional<Place> source(StoredFile file, Device from, ClusterView cluster)
      throws InterruptedException {
    var usual = place(file, from, cluster);
    var other = sources.alternateSource(file, from, cluster);
    return usual.map(
        place ->
            other.map(way -> new Place(place.host().reachedAt(way), place.path())).orElse(place));
  }

  /** What is wrong with the bytes at the destination; nothing when they are right. */
  private Optional<Outcome> verify(
      StoredFile file,
      Place destination,
      Optional<Checksum> stored,
      Optional<Checksum> computed,
      ClusterView cluster) {
    var right = stored.or(() -> computed);
    if (right.isEmpty() || checkedByNode(destination, stored, cluster)) {
      return Optional.empty();
    }
    var found = nodes.digest(destination, right.get().algorithm(), file.length());
    if (found.equals(right)) {
      return Optional.empty();
    }
    if (found.isPresent()) {
      // Bytes that are known to be bad, and that no row names, are of no use to anybody.
      var _ = nodes.delete(destination);
      return Optional.of(new Outcome.DestinationFailed("stored bytes differ from those sent"));
    }
    return Optional.of(new Outcome.DestinationFailed("no digest of the stored bytes to be had"));
  }

  /** Whether the node compared the digest itself when it took the body. */
  private static boolean checkedByNode(
      Place destination, Optional<Checksum> stored, ClusterView cluster) {
    return stored.filter(c -> c.algorithm() == HashAlgorithm.MD5).isPresent()
        && cluster.observation(destination.path().device()).rejectsBadMd5().orElse(false);
  }
}
