package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Nodes that take requests and answer when they are told to. */
final class GatedNodes implements StorageNodes {

  private final Queue<List<Long>> requests = new ConcurrentLinkedQueue<>();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean breaking;

  /** From now on everything is answered at once. */
  void open() {
    gate.release(1_000_000);
  }

  /** One copy ends. */
  void endOne() {
    gate.release();
  }

  void breakNext() {
    breaking = true;
  }

  /** The fids of each request. */
  List<List<Long>> requests() {
    return new ArrayList<>(requests);
  }

  int underWay() {
    return underWay.get();
  }

  @Override
  public void copyAll(List<Order> orders, BiConsumer<Order, Copy> ended)
      throws InterruptedException {
    if (breaking) {
      breaking = false;
      throw new IllegalStateException("broken");
    }
    requests.add(orders.stream().map(order -> order.to().path().fid().value()).toList());
    underWay.addAndGet(orders.size());
    for (var order : orders) {
      gate.acquire();
      underWay.decrementAndGet();
      ended.accept(order, new Copy.Made(Optional.empty()));
    }
  }

  @Override
  public void prepare(List<Place> places) {}

  @Override
  public Copy copy(Order order) {
    throw new IllegalStateException("copies are asked for in lists");
  }

  @Override
  public Presence look(Place place) {
    throw new IllegalStateException();
  }

  @Override
  public Deletion delete(Place place) {
    throw new IllegalStateException();
  }

  @Override
  public Optional<Checksum> digest(Place place, HashAlgorithm algorithm, long length) {
    return Optional.empty();
  }

  @Override
  public Usage usage(Host host, DeviceId device) {
    throw new IllegalStateException();
  }

  @Override
  public Map<DeviceId, String> utilization(Host host) {
    return Map.of();
  }

  @Override
  public boolean testWrite(Host host, DeviceId device) {
    return true;
  }

  @Override
  public boolean rejectsBadMd5(Host host, DeviceId device) {
    return false;
  }
}
