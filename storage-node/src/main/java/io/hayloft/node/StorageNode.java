package io.hayloft.node;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.blob.SyncTrust;
import io.hayloft.node.device.DeviceMeters;
import io.hayloft.node.device.DeviceReport;
import io.hayloft.node.device.Devices;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.node.device.DiskTimes;
import io.hayloft.node.device.LooksAgain;
import io.hayloft.node.device.OwnFiles;
import io.hayloft.node.device.Room;
import io.hayloft.node.device.Utilization;
import io.hayloft.node.http.Disks;
import io.hayloft.node.http.HttpPort;
import io.hayloft.node.http.NativeRequests;
import io.hayloft.node.http.Readiness;
import io.hayloft.node.requests.Checks;
import io.hayloft.node.requests.Copies;
import io.hayloft.node.requests.Deletions;
import io.hayloft.node.requests.DeviceReports;
import io.hayloft.node.requests.DigestRequests;
import io.hayloft.node.requests.DiskShare;
import io.hayloft.node.requests.Ground;
import io.hayloft.node.requests.NativeRequest;
import io.hayloft.node.requests.NodePage;
import io.hayloft.node.requests.Sources;
import io.hayloft.node.requests.Stats;
import io.hayloft.node.requests.Tally;
import io.hayloft.node.sidechannel.Answering;
import io.hayloft.node.sidechannel.Digests;
import io.hayloft.node.sidechannel.SideChannel;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage node: makes all its parts, starts and stops them. It ends no process and closes nothing
 * that it was given. Beside another web server, which keeps the files, it has no HTTP port.
 */
public final class StorageNode implements AutoCloseable {

  private static final Duration CLOSE_UNUSED_EVERY = Duration.ofSeconds(5);

  /** How often clients are looked at within the time for which they may be slow. */
  private static final int LOOKS_AT_SLOW = 8;

  /** What share of the heap may hold lists that native requests ask for; parsed they are larger. */
  private static final int LISTS = 16;

  private static final Duration USUAL_GRACE = Duration.ofSeconds(5);

  /** Enough for some thirty disks that hang at once, each holding its lane's width. */
  private static final int MOST_THREADS = 512;

  private static final int FEWEST_THREADS = 8;
  private static final int THREAD_IDLE_MILLIS = 60_000;

  /** How many threads may wait for one disk: enough to let the filesystem share its syncs. */
  private static final int LANE_WIDTH = 16;

  /** After how long without a byte the fetching of a file is given up. */
  private static final Duration SOURCE_STALL = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(StorageNode.class);

  private final Docroot docroot;
  private final OpenBlobs openBlobs;
  private final DeviceIdentities identities;
  private final Sources sources;
  private final SyncTrust trust;
  private final Devices devices;
  private final DeviceReport report;
  private final Optional<Upkeep> upkeep;
  private final Optional<HttpPort> http;
  private final Optional<SideChannel> side;
  private final Crew deviceCrew;
  private final Crew openFileCrew;
  private final Crew lookCrew;
  private final Crew slowCrew;

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
    var capacity = capacity(config);
    docroot = new Docroot(config.docroot());
    sources = new Sources(SOURCE_STALL, time);
    openBlobs = new OpenBlobs(capacity.openFiles(), time);
    var mounts = new MountGuard(docroot);
    identities = new DeviceIdentities(docroot, mounts, surroundings.random());
    var store =
        new BlobStore(
            docroot, identities, config.durability(), openBlobs, time, surroundings.random());
    trust = store.trust();
    var complaints = new DiskComplaints(time);
    devices =
        new Devices(
            new Devices.Places(
                docroot,
                identities,
                trust,
                room(config, surroundings),
                openBlobs,
                cleaning(config, store)),
            complaints,
            surroundings.tasks(),
            time,
            limits.usageInterval());
    var threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, THREAD_IDLE_MILLIS);
    threads.setName("node");
    var times = new DiskTimes(time);
    var lanes = new DiskLanes(threads, LANE_WIDTH, limits.diskQueue(), times);
    report = new DeviceReport(devices, complaints, times, utilization(time));
    var disks = new Disks(docroot, store, openBlobs, lanes, complaints, devices::has);
    upkeep =
        config.usage().only() ? Optional.empty() : Optional.of(upkeep(config, surroundings, disks));
    http =
        config.usage().only()
            ? Optional.empty()
            : Optional.of(httpPort(config, capacity, surroundings, threads, disks));
    side =
        config.side().enabled()
            ? Optional.of(sideChannel(config, surroundings, store, shutdown))
            : Optional.empty();
    var deviceMeters = new DeviceMeters(devices, surroundings.meters());
    deviceCrew =
        crew(
            "devices",
            surroundings,
            () -> {
              deviceMeters.refresh();
              report.sample();
              return devices.step();
            });
    openFileCrew =
        crew(
            "open files",
            surroundings,
            () -> {
              openBlobs.closeUnused();
              sources.closeUnused();
              complaints.flushDue();
              return Pace.rest(CLOSE_UNUSED_EVERY);
            });
    lookCrew = crew("looks", surroundings, new LooksAgain(openBlobs, store, lanes));
    slowCrew = crew("slow clients", surroundings, () -> cutSlowClients(limits.idleTimeout()));
    meters(surroundings.meters(), complaints);
  }

  private static Capacity capacity(StorageNodeConfig config) {
    var capacity = Capacity.of(config, ProcessMeans.read());
    var lowered = capacity.lowered(config);
    if (!lowered.isEmpty() && !config.usage().only()) {
      log.info(
          "this process has not the memory, or may not open the files (ulimit -n), for all that is"
              + " configured; lowered: {}",
          String.join(", ", lowered));
    }
    return capacity;
  }

  private static Room room(StorageNodeConfig config, Surroundings surroundings) {
    return config.usage().viaDu()
        ? new OwnFiles(Room.ofFilesystem(), surroundings.tasks())
        : Room.ofFilesystem();
  }

  /** Beside a server that takes uploads, what is unfinished is that server's. */
  private static Consumer<DeviceId> cleaning(StorageNodeConfig config, BlobStore store) {
    return config.usage().only() ? store.trust()::checkIfMarked : store::cleanUp;
  }

  private Upkeep upkeep(StorageNodeConfig config, Surroundings surroundings, Disks disks) {
    return new Upkeep(
        config,
        new Upkeep.Parts(
            docroot, identities, disks.store(), devices, disks.lanes(), disks.complaints()),
        surroundings);
  }

  private HttpPort httpPort(
      StorageNodeConfig config,
      Capacity capacity,
      Surroundings surroundings,
      QueuedThreadPool threads,
      Disks disks)
      throws IOException {
    Gauge.builder("hayloft.node.disk.waiting", disks.lanes(), DiskLanes::waiting)
        .description("Requests that wait for a disk")
        .register(surroundings.meters());
    return new HttpPort(
        new HttpPort.Settings(
            config.http().listen(),
            config.limits().idleTimeout(),
            config.http().fastPath(),
            config.http().http2(),
            tlsPort(config.http().tls()),
            new HttpPort.Bounds(
                capacity.connections(),
                capacity.requests(),
                capacity.uploads(),
                capacity.bufferBytes(),
                capacity.hotBytes(),
                config.http().bounds().minRateBytes())),
        threads,
        disks,
        new HttpPort.Pages(
            this::readiness,
            new NativeRequests(
                natives(ground(surroundings, disks)),
                ProcessMeans.read().heapBytes() / LISTS,
                surroundings.tasks())),
        surroundings.meters(),
        surroundings.time());
  }

  private static Optional<HttpPort.TlsPort> tlsPort(StorageNodeConfig.Tls tls) {
    return tls.listen()
        .map(
            listen ->
                new HttpPort.TlsPort(
                    listen, tls.keyStore().orElseThrow(), tls.passwordFile().orElseThrow()));
  }

  private static Ground ground(Surroundings surroundings, Disks disks) {
    return new Ground(
        disks.store(),
        new DiskShare(disks.lanes(), LANE_WIDTH / 2, DiskShare.PATIENCE, surroundings.time()),
        disks.complaints(),
        surroundings.tasks(),
        surroundings.time(),
        new Tally(surroundings.meters()));
  }

  /** What trackers may ask beyond the verbs; new kinds are added to the list here. */
  private List<NativeRequest> natives(Ground ground) {
    var requests = new ArrayList<NativeRequest>();
    upkeep.ifPresent(present -> requests.addAll(present.requests()));
    requests.add(new Copies(sources, ground).request());
    requests.add(new Deletions(ground).request());
    requests.add(new Stats(ground).request());
    requests.add(new DigestRequests(ground).request());
    requests.add(new Checks(ground).request());
    requests.add(DeviceReports.request(report::lines));
    requests.add(NodePage.request(List.copyOf(requests), this::deviceLines));
    return requests;
  }

  private List<NodePage.Line> deviceLines() {
    return devices.ids().stream()
        .map(
            device -> {
              var identity = identities.of(device);
              return new NodePage.Line(
                  device, identity.uuid(), identity.refused(), trust.distrust(device));
            })
        .toList();
  }

  private SideChannel sideChannel(
      StorageNodeConfig config,
      Surroundings surroundings,
      BlobStore store,
      Consumer<Duration> shutdown) {
    var channel =
        new SideChannel(
            config.side().listen(),
            config.limits().sideIdleTimeout(),
            new Answering(
                store,
                new Digests(store),
                utilization(surroundings.time()),
                surroundings.time(),
                shutdown),
            surroundings.tasks());
    Gauge.builder("hayloft.node.side.connections", channel, SideChannel::connections)
        .description("Connections on the side channel")
        .register(surroundings.meters());
    return channel;
  }

  private Utilization utilization(Time time) {
    return new Utilization(devices, docroot, time);
  }

  private static Crew crew(String job, Surroundings surroundings, Worker worker) {
    return new Crew(
        job, () -> worker, surroundings.tasks(), surroundings.time(), surroundings.random());
  }

  private void meters(PrometheusMeterRegistry meters, DiskComplaints complaints) {
    Gauge.builder("hayloft.node.open.files", openBlobs, OpenBlobs::open)
        .description("Files kept open because they were read lately")
        .register(meters);
    FunctionCounter.builder("hayloft.node.disk.failures", complaints, DiskComplaints::total)
        .description("Operations that a disk failed or refused")
        .register(meters);
  }

  private Pace cutSlowClients(Duration idleTimeout) {
    http.ifPresent(HttpPort::cutSlowClients);
    return Pace.rest(idleTimeout.dividedBy(LOOKS_AT_SLOW));
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
      if (side.isPresent()) {
        side.get().start();
      }
      if (http.isPresent()) {
        http.get().start();
      }
    } catch (IOException | RuntimeException e) {
      side.ifPresent(SideChannel::close);
      http.ifPresent(port -> port.stop(Duration.ZERO));
      throw e;
    }
    deviceCrew.want(1);
    openFileCrew.want(1);
    lookCrew.want(1);
    slowCrew.want(1);
    upkeep.ifPresent(Upkeep::start);
  }

  /**
   * @throws IllegalStateException when it serves no files
   */
  public Address httpAddress() {
    return http.orElseThrow(() -> new IllegalStateException("it serves no files")).address();
  }

  /** Where it serves files over TLS, if it does. */
  public Optional<Address> tlsAddress() {
    return http.flatMap(HttpPort::tlsAddress);
  }

  /**
   * @throws IllegalStateException when it has no side channel
   */
  public Address sideAddress() {
    return side.orElseThrow(() -> new IllegalStateException("it has no side channel")).address();
  }

  /**
   * Stops: both ports are closed to new connections, requests under way have that long to end. May
   * be called again.
   *
   * @param grace zero to break them off
   */
  public void stop(Duration grace) {
    upkeep.ifPresent(Upkeep::close);
    side.ifPresent(SideChannel::close);
    http.ifPresent(port -> port.stop(grace));
    deviceCrew.close();
    openFileCrew.close();
    lookCrew.close();
    slowCrew.close();
    sources.close();
    openBlobs.closeAll();
  }

  @Override
  public void close() {
    stop(USUAL_GRACE);
  }
}
