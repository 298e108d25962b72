package io.hayloft.bench.growth;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.cluster.NodeHost;
import io.hayloft.bench.database.BulkRows;
import io.hayloft.bench.database.BulkRows.Pair;
import io.hayloft.bench.database.BulkRows.Rows;
import io.hayloft.bench.database.ServerBooks;
import io.hayloft.bench.growth.Measured.Operation;
import io.hayloft.bench.growth.Measured.Run;
import io.hayloft.bench.load.WarmUp;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** An installation whose files become more and more, and what it does at each number of them. */
final class Growing implements AutoCloseable {

  static final int FILE_BYTES = 16 << 10;

  /** Of the buffer pool while files are laid: else laying many takes longer than all the rest. */
  private static final long LAYING_POOL = 3L << 30;

  private static final Duration WRITING_DOWN = Duration.ofMinutes(10);
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Cluster cluster;
  private final Settings settings;
  private final Consumer<String> say;
  private final Time time;
  private final ServerBooks books;
  private final BulkRows rows;
  private final Storing storing;
  private final ProcessMeter database;
  private final Crowd crowd = new Crowd();
  private final AtomicLong randomKeys = new AtomicLong();
  private final AtomicLong ascendingKeys = new AtomicLong();
  private boolean isWarm;

  Growing(Cluster cluster, Settings settings, Tasks tasks, Consumer<String> say) {
    this.cluster = cluster;
    this.settings = settings;
    this.say = say;
    this.time = cluster.time();
    this.books = new ServerBooks(cluster.database());
    var place = cluster.database().place(Cluster.DOMAIN, Cluster.CLASS);
    this.rows =
        new BulkRows(cluster.database(), new Rows(place, FILE_BYTES, pairs(cluster.liveNodes())));
    var devices = cluster.liveNodes().stream().flatMap(node -> node.devices().stream()).toList();
    this.storing = new Storing(cluster.database(), place, devices, tasks, time);
    this.database = new ProcessMeter(cluster.database().pid());
  }

  /** All pairs of devices of which no two are of one host. */
  static List<Pair> pairs(List<NodeHost> nodes) {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < nodes.size(); i++) {
      for (int j = i + 1; j < nodes.size(); j++) {
        for (var one : nodes.get(i).devices()) {
          for (var other : nodes.get(j).devices()) {
            pairs.add(pair(one, other));
          }
        }
      }
    }
    return pairs;
  }

  private static Pair pair(DeviceId one, DeviceId other) {
    return new Pair(Math.min(one.value(), other.value()), Math.max(one.value(), other.value()));
  }

  Crowd crowd() {
    return crowd;
  }

  /** Lays files until there are so many. */
  void fill(long files) throws InterruptedException {
    long before = crowd.count();
    long more = files - before;
    say.accept("laying %,d files...".formatted(more));
    books.bufferPool(LAYING_POOL);
    books.durable(false);
    long firstFid = cluster.database().reserveFids(more);
    var progress = new Progress(more, time, say);
    rows.lay(before, files, firstFid - before, Crowd.spelling(), progress::done);
    crowd.grow(files, firstFid);
    books.durable(true);
    writeDown();
  }

  /** What memory has and the disk does not would be written amid the next measurement. */
  private void writeDown() throws InterruptedException {
    books.beginToWriteDown();
    cluster.await(WRITING_DOWN, GLANCE, "pages written to the disk", books::isWrittenDown);
    books.endWritingDown();
  }

  /** Lays files until there are so many, and measures everything, with each size of memory. */
  List<Level> levels(long files) throws InterruptedException {
    fill(files);
    var parts = books.parts();
    long onDisk = books.bytesOnDisk();
    var levels = new ArrayList<Level>();
    for (var pool : settings.pools()) {
      say.accept("measuring %,d files with %s of memory...".formatted(files, pool));
      books.bufferPool(Settings.bytes(pool));
      if (!isWarm && settings.warmUp() > 0) {
        warmUp();
      }
      isWarm = true;
      levels.add(new Level(files, pool, parts, onDisk, measure()));
    }
    return levels;
  }

  private List<Measured> measure() throws InterruptedException {
    var measured = new ArrayList<Measured>();
    measured.add(read(Operation.GET_PATHS));
    measured.add(read(Operation.LIST_KEYS));
    measured.add(store(Operation.STORE_ASCENDING));
    measured.add(store(Operation.STORE_RANDOM));
    return measured;
  }

  /** Of a JVM nothing counts until what an operation costs has stopped to fall. */
  private void warmUp() throws InterruptedException {
    say.accept("warming up...");
    for (var operation : List.of(Operation.GET_PATHS, Operation.LIST_KEYS)) {
      var warmUp = new WarmUp(settings.warmUp());
      double cost;
      do {
        cost = spent(operation, warmUp.chunk());
      } while (warmUp.goesOn(cost));
    }
    var warmUp = new WarmUp(settings.warmUp());
    double cost;
    do {
      var run = stored(Operation.STORE_ASCENDING, Duration.ofSeconds(warmUp.chunk()));
      cost = 1e6 / run.perSecond();
    } while (warmUp.goesOn(cost));
  }

  private double spent(Operation operation, int seconds) {
    long before = cluster.tracker().meter().cpuMicros();
    var outcome = ask(operation, 0, Duration.ofSeconds(seconds));
    return (double) (cluster.tracker().meter().cpuMicros() - before) / outcome.operations();
  }

  private Outcome ask(Operation operation, int run, Duration length) {
    int clients = settings.clients().readers();
    try (var loop = ClosedLoop.open(cluster.tracker().address(), clients, time)) {
      return loop.run(dialogue(operation, new LookUp.Draw(clients, run)), length);
    }
  }

  private Dialogue dialogue(Operation operation, LookUp.Draw draw) {
    var pool = crowd.pool(FILE_BYTES);
    return operation == Operation.LIST_KEYS
        ? new Pages(crowd, pool, Settings.KEYS_OF_A_PAGE, draw)
        : LookUp.paths(pool, false, draw);
  }

  /** Reads of which it is proved that they write nothing. */
  Measured read(Operation operation) {
    var proof = new NothingWritten(books);
    var length = Duration.ofSeconds(settings.seconds());
    if (settings.warmUp() > 0) {
      // What of the indexes fits into memory is there after a while, and only then.
      var _ = ask(operation, 0, length);
    }
    var runs = new ArrayList<Run>();
    for (int i = 1; i <= settings.runs(); i++) {
      int draw = i;
      var proved = proof.during(() -> metered(() -> ask(operation, draw, length)));
      var run = proved.result().with(proved.statements());
      tell(operation, run);
      runs.add(run);
    }
    return new Measured(operation, runs);
  }

  private Measured store(Operation operation) throws InterruptedException {
    var length = Duration.ofSeconds(settings.seconds());
    if (settings.warmUp() > 0) {
      var _ = stored(operation, length);
    }
    var runs = new ArrayList<Run>();
    for (int i = 1; i <= settings.runs(); i++) {
      var run = stored(operation, length);
      tell(operation, run);
      runs.add(run);
    }
    writeDown();
    return new Measured(operation, runs);
  }

  /** Files that stay: the next ones are laid beside them. */
  private Run stored(Operation operation, Duration length) throws InterruptedException {
    boolean isRandom = operation == Operation.STORE_RANDOM;
    LongFunction<String> keys = isRandom ? Growing::randomKey : "time-%010d"::formatted;
    var next = isRandom ? randomKeys : ascendingKeys;
    long before = cluster.database().lastFid();
    var run = metered(() -> storing.run(settings.clients().writers(), keys, next, length));
    long more = cluster.database().filesAbove(before);
    if (more != run.outcome().operations()) {
      throw new IllegalStateException(
          run.outcome().operations() + " files were stored, but " + more + " are there");
    }
    cluster.database().forgetQueues();
    return run;
  }

  private static String randomKey(long number) {
    return Filler.name(Crowd.storedKey(number));
  }

  /** Something to be measured. */
  private interface Act<E extends Exception> {
    Outcome run() throws E;
  }

  private <E extends Exception> Run metered(Act<E> act) throws E {
    var before = books.counters();
    long cpu = database.cpuMicros();
    var outcome = act.run();
    long used = database.cpuMicros() - cpu;
    var pages = books.since(before, name -> name.matches("Innodb_(pages_read|pages_written)"));
    return new Run(
        outcome,
        used,
        pages.getOrDefault("Innodb_pages_read", 0L),
        pages.getOrDefault("Innodb_pages_written", 0L),
        Map.of());
  }

  private void tell(Operation operation, Run run) {
    say.accept(
        "  %s: %,.0f/s  p50 %,.0f p99 %,.0f µs  database %.1f µs, pages read %.2f written %.2f"
            .formatted(
                operation.title(),
                run.perSecond(),
                run.p50Micros(),
                run.p99Micros(),
                run.databaseEach(),
                run.pagesReadEach(),
                run.pagesWrittenEach()));
  }

  @Override
  public void close() {
    storing.close();
  }
}
