package io.hayloft.tracker.node.http;

import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.blob.Durability;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.Place;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** Hayloft's own node with {@code dev1} and {@code dev2}, as a host. */
final class RealNode implements AutoCloseable {

  private final Path docroot;
  private final int id;
  private final Tasks tasks = Tasks.virtual();
  private final StorageNode node;

  RealNode(Path docroot, int id) {
    this.docroot = docroot;
    this.id = id;
    try {
      Files.createDirectories(docroot.resolve("dev1"));
      Files.createDirectories(docroot.resolve("dev2"));
      var local = new Address("127.0.0.1", 0);
      var patience = Duration.ofSeconds(30);
      node =
          new StorageNode(
              new StorageNodeConfig(
                  local,
                  local,
                  docroot,
                  1_000,
                  Durability.FULL,
                  new StorageNodeConfig.Limits(patience, patience, patience, 64, 256, 256)),
              new StorageNode.Surroundings(
                  Time.system(),
                  tasks,
                  new Random(id),
                  new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
              _ -> {});
      node.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Host host() {
    return new Host(
        new HostId(id),
        "node" + id,
        HostStatus.ALIVE,
        HostAddresses.of("127.0.0.1", node.httpAddress().port()));
  }

  Place place(int device, long fid) {
    return Place.of(host(), new DeviceId(device), new Fid(fid));
  }

  /** Where a replica's bytes are. */
  Path file(int device, long fid) {
    return docroot.resolve(place(device, fid).path().toString().substring(1));
  }

  void put(int device, long fid, byte[] bytes) {
    try {
      Files.createDirectories(file(device, fid).getParent());
      Files.write(file(device, fid), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    node.close();
    tasks.close();
  }
}
