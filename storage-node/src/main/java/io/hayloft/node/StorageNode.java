package io.hayloft.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.device.DeviceMeters;
import io.hayloft.node.device.Devices;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.node.device.Utilization;
import io.hayloft.node.http.Disks;
import io.hayloft.node.http.HttpPort;
import io.hayloft.node.http.Readiness;
import io.hayloft.node.sidechannel.Answering;
import io.hayloft.node.sidechannel.Digests;
import io.hayloft.node.sidechannel.SideChannel;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Pace;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage node: makes all its parts, starts and stops them. It ends no process and closes nothing
 * that it was given.
 */
public final class StorageNode implements AutoCloseable {

  private static final Duration CLOSE_UNUSED_EVERY = Duration.ofSeconds(5);
  private static final Duration USUAL_GRACE = Duration.ofSeconds(5);

  /** Enough for some thirty disks that hang at once, each holding its lane's width. */
  private static final int MOST_THREADS = 512;

  private static final int FEWEST_THREADS = 8;
  private static final int THREAD_IDLE_MILLIS = 60_000;

  /** How many threads may wait for one disk: enough to let the filesystem share its syncs. */
  private static final int LANE_WIDTH = 16;

  private static final Logger log = LoggerFactory.getLogger(StorageNode.class);

  private final int descriptors;
  private final Docroot docroot;
  private final OpenBlobs openBlobs;
  private final Devices devices;
  private final HttpPort http;
  private final SideChannel side;
  private final Crew deviceCrew;
  private final Crew openFileCrew;

  /** What a node needs of the world. */
  public record Surroundings(
      Time time, Tasks tasks, RandomGenerator random, PrometheusMeterRegistry meters) {}

  /**
   * @param shutdown called when somebody asks the side channel to end the daemon, with the time
   *     that requests under way may take to end
   */
  public StorageNode(
      StorageNodeConfig config, Surroundings surroundings, Consumer<Duration> shutdown)
      throws IOException {
    var limits = config.limits();
    var time = surroundings.time();
    var tasks = surroundings.tasks();
    descriptors = config.maxConnections() + limits.uploads() + limits.openFiles();
    docroot = new Docroot(config.docroot());
    openBlobs = new OpenBlobs(limits.openFiles(), time);
    var mounts = new MountGuard(docroot);
    var store =
        new BlobStore(docroot, mounts, config.durability(), openBlobs, time, surroundings.random());
    var complaints = new DiskComplaints(time);
    devices =
        new Devices(
            new Devices.Places(docroot, mounts, store, openBlobs),
            complaints,
            tasks,
            time,
            limits.usageInterval());
    var threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, THREAD_IDLE_MILLIS);
    threads.setName("node");
    var lanes = new DiskLanes(threads, LANE_WIDTH, limits.diskQueue());
    http =
        new HttpPort(
            new HttpPort.Settings(
                config.httpListen(),
                config.maxConnections(),
                limits.idleTimeout(),
                limits.uploads()),
            threads,
            new Disks(docroot, store, openBlobs, lanes, complaints),
            this::readiness,
            surroundings.meters(),
            time);
    side =
        new SideChannel(
            config.sideListen(),
            limits.sideIdleTimeout(),
            new Answering(
                store, new Digests(store), new Utilization(devices, docroot, time), time, shutdown),
            tasks);
    var deviceMeters = new DeviceMeters(devices, surroundings.meters());
    deviceCrew =
        new Crew(
            "devices",
            () ->
                () -> {
                  deviceMeters.refresh();
                  return devices.step();
                },
            tasks,
            time,
            surroundings.random());
    openFileCrew =
        new Crew(
            "open files",
            () ->
                () -> {
                  openBlobs.closeUnused();
                  complaints.flushDue();
                  return Pace.rest(CLOSE_UNUSED_EVERY);
                },
            tasks,
            time,
            surroundings.random());
    meters(surroundings.meters(), lanes, complaints);
  }

  private void meters(PrometheusMeterRegistry meters, DiskLanes lanes, DiskComplaints complaints) {
    Gauge.builder("hayloft.node.open.files", openBlobs, OpenBlobs::size)
        .description("Files kept open because they were read lately")
        .register(meters);
    Gauge.builder("hayloft.node.disk.waiting", lanes, DiskLanes::waiting)
        .description("Requests that wait for a disk")
        .register(meters);
    Gauge.builder("hayloft.node.side.connections", side, SideChannel::connections)
        .description("Connections on the side channel")
        .register(meters);
    FunctionCounter.builder("hayloft.node.disk.failures", complaints, DiskComplaints::total)
        .description("Operations that a disk failed or refused")
        .register(meters);
  }

  private Readiness readiness() {
    if (!Files.isReadable(docroot.path())) {
      return new Readiness.NotReady(docroot.path() + " cannot be read");
    }
    return devices.anyWritable()
        ? new Readiness.Ready()
        : new Readiness.NotReady("no device can be written");
  }

  /** Opens both ports and looks at the devices. */
  public void start() throws IOException {
    try {
      side.start();
      http.start();
    } catch (IOException | RuntimeException e) {
      side.close();
      http.stop(Duration.ZERO);
      throw e;
    }
    warnOfFewDescriptors();
    deviceCrew.want(1);
    openFileCrew.want(1);
  }

  /** A system that refuses to open files at the height of the load is hard to understand then. */
  private void warnOfFewDescriptors() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < descriptors) {
      log.warn(
          "this process may open {} files, but up to {} connections, uploads and open files are"
              + " allowed: raise the limit (ulimit -n) or lower max_connections and open_files",
          system.getMaxFileDescriptorCount(),
          descriptors);
    }
  }

  public Address httpAddress() {
    return http.address();
  }

  public Address sideAddress() {
    return side.address();
  }

  /**
   * Stops: both ports are closed to new connections, requests under way have that long to end.
   *
   * @param grace zero to break them off
   */
  public void stop(Duration grace) {
    side.close();
    http.stop(grace);
    deviceCrew.close();
    openFileCrew.close();
    openBlobs.closeAll();
  }

  @Override
  public void close() {
    stop(USUAL_GRACE);
  }
}
