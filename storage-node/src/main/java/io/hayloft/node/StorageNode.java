package io.hayloft.node;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.node.http.Disks;
import io.hayloft.node.http.HttpPort;
import io.hayloft.node.http.Readiness;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A storage node: makes all parts, starts and stops them. */
public final class StorageNode implements AutoCloseable {

  private final HttpPort http;

  public StorageNode(
      StorageNodeConfig config,
      Time time,
      Tasks tasks,
      RandomGenerator random,
      PrometheusMeterRegistry meters)
      throws IOException {
    var threads = new QueuedThreadPool(512, 8, 60_000);
    threads.setName("node");
    var docroot = new Docroot(config.docroot());
    var openBlobs = new OpenBlobs(config.limits().openFiles(), time);
    var store = new BlobStore(docroot, config.durability(), openBlobs, time, random);
    var disks =
        new Disks(
            docroot,
            store,
            openBlobs,
            new DiskLanes(threads, 16, config.limits().diskQueue()),
            new DiskComplaints(time));
    http =
        new HttpPort(
            new HttpPort.Settings(
                config.httpListen(),
                config.maxConnections(),
                config.limits().idleTimeout(),
                config.limits().uploads()),
            threads,
            disks,
            Readiness.Ready::new,
            meters,
            time);
  }

  public void start() throws IOException {
    http.start();
  }

  public Address httpAddress() {
    return http.address();
  }

  @Override
  public void close() {
    http.stop(Duration.ZERO);
  }
}
