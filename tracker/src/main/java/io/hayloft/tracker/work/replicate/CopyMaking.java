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
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.store.ReplicationStore;
import java.util.List;
import java.util.Optional;

/**
 * Makes one copy and records it. Where a digest of the file is known, or its class keeps one, the
 * source must have it as its bytes pass by, and the destination as they were stored; of all other
 * copies the length is looked at. Only then is the copy recorded. Nodes that compare what they
 * store by themselves are believed.
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
    var order = order(file, stored, from, to, cluster);
    nodes.prepare(List.of(order.to()));
    return switch (verified(order, nodes.copy(order), cluster)) {
      case Copy.SourceFailed(var why) -> new Outcome.SourceFailed(why);
      case Copy.DestinationFailed(var why) -> new Outcome.DestinationFailed(why);
      case Copy.Made(var computed) ->
          store.copied(file.fid(), to.id(), computed) ? new Outcome.Made() : new Outcome.FileGone();
    };
  }

  /** What to ask of the nodes. Both devices are in that view, and so are their hosts. */
  public Order order(
      StoredFile file, Optional<Checksum> stored, Device from, Device to, ClusterView cluster)
      throws InterruptedException {
    var wanted =
        stored.isPresent()
            ? Optional.<HashAlgorithm>empty()
            : ReplicatePlan.terms(file, cluster).hash();
    return new Order(
        source(file, from, cluster), place(file, to, cluster), file.length(), stored, wanted);
  }

  private static Place place(StoredFile file, Device device, ClusterView cluster) {
    return cluster
        .host(device.host())
        .map(host -> Place.of(host, device.id(), file.fid()))
        .orElseThrow(() -> new IllegalStateException("dev" + device.id() + " without a host"));
  }

  /** Where the bytes are read: perhaps by another way than clients use. */
  private Place source(StoredFile file, Device from, ClusterView cluster)
      throws InterruptedException {
    var usual = place(file, from, cluster);
    return sources
        .alternateSource(file, from, cluster)
        .map(way -> new Place(usual.host().reachedAt(way), usual.path()))
        .orElse(usual);
  }

  /** A copy as it is, or what is wrong with the bytes at the destination. */
  public Copy verified(Order order, Copy copy, ClusterView cluster) {
    if (!(copy instanceof Copy.Made(var computed))) {
      return copy;
    }
    if (nodes.verifiesCopies(order.to().host())) {
      return copy;
    }
    var right = order.known().or(() -> computed);
    return right.isEmpty() || refusesOtherBytes(order, cluster)
        ? seen(order, copy)
        : compared(order, copy, right.get());
  }

  /** A node that answers 2xx may have kept less than it was sent, or nothing. */
  private Copy seen(Order order, Copy copy) {
    return switch (nodes.look(order.to())) {
      case Presence.Present(var length) when length == order.length() -> copy;
      case Presence.Present(var length) -> {
        removeBad(order);
        yield new Copy.DestinationFailed("kept " + length + " bytes of " + order.length());
      }
      case Presence.Missing() -> new Copy.DestinationFailed("said to have the copy, and has not");
      case Presence.CannotTell(var why) ->
          new Copy.DestinationFailed("the copy cannot be looked at: " + why);
    };
  }

  private Copy compared(Order order, Copy copy, Checksum right) {
    var found = nodes.digest(order.to(), right.algorithm(), order.length());
    if (found.equals(Optional.of(right))) {
      return copy;
    }
    if (found.isPresent()) {
      removeBad(order);
      return new Copy.DestinationFailed("stored bytes differ from those sent");
    }
    return new Copy.DestinationFailed("no digest of the stored bytes to be had");
  }

  /** Bytes that are known to be bad, and that no row names, are of no use to anybody. */
  private void removeBad(Order order) {
    var _ = nodes.delete(order.to());
  }

  /** Whether the node compared the digest itself when it took the body. */
  private boolean refusesOtherBytes(Order order, ClusterView cluster) {
    boolean md5 = order.known().filter(c -> c.algorithm() == HashAlgorithm.MD5).isPresent();
    return md5 && cluster.observation(order.to().path().device()).rejectsBadMd5().orElse(false);
  }
}
