package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.work.WorkFixture;
import io.hayloft.tracker.work.soak.Mortal.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * Rounds in which clients, operators and two trackers work on the same few files at the same time,
 * with nodes that misbehave. Every round is drawn from the seed and its number alone; what its
 * threads make of it is their affair.
 *
 * <p>After each round what clients were told must be true; from time to time all goes well for so
 * long that everything must have come to rest, and then everything is looked at.
 */
final class Soak implements AutoCloseable {

  private static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4", "k5");
  private static final List<String> HOSTNAMES = List.of("m1", "m2");
  private static final int ROUNDS_TO_TELL = 6;
  private static final int STEPS_TO_REST = 80;

  private final TestDatabase database;
  private final long seed;
  private final MemoryNodes disks;
  private final Mischief mischief;
  private final Ledger ledger;
  private final NativeDisks natives;
  private final WorkFixture fixture;
  private final Clients clients;
  private final Operators operators;
  private final Inspection inspection;
  private final List<ClassId> classes;
  private final ClassId digested;
  private final List<Mortal> trackers = new ArrayList<>();
  private final Deque<String> story = new ArrayDeque<>();
  private int incarnations;

  Soak(TestDatabase database, long seed) throws SQLException, InterruptedException {
    this.database = database;
    this.seed = seed;
    this.fixture = new WorkFixture(database);
    this.disks = fixture.nodes;
    this.mischief = new Mischief(seed);
    this.ledger = new Ledger(disks);
    this.natives = new NativeDisks(disks, mischief, ledger);
    fixture.host("a", 1, 2).host("b", 3, 4).host("c", 5, 6).host("d", 7);
    for (int device = 1; device <= 7; device++) {
      disks.measure(device, 100_000, 30_000 + 7_000 * (device % 3));
    }
    this.digested = fixture.fileClass("digested", 2, Optional.of(HashAlgorithm.MD5));
    this.classes =
        List.of(
            ClassId.DEFAULT,
            digested,
            fixture.fileClass("one", 1, Optional.empty()),
            fixture.fileClass("three", 3, Optional.empty()));
    this.clients = new Clients(fixture.stores(), fixture.domain(), disks, ledger);
    this.operators = new Operators(fixture, disks, ledger, 7);
    this.inspection = new Inspection(fixture, disks, ledger);
    for (var hostname : HOSTNAMES) {
      trackers.add(start(hostname));
    }
  }

  private Mortal start(String hostname) throws SQLException, InterruptedException {
    incarnations++;
    return Mortal.start("t" + incarnations, hostname, database, disks, mischief, ledger, natives);
  }

  /** What has gone wrong so far. */
  List<String> violations() {
    return ledger.violations();
  }

  /** The last rounds, for whoever has to find out why. */
  String story() {
    return "seed " + seed + "\n" + String.join("\n", story);
  }

  /** One small schedule, everything in it at the same time. */
  void round(int number) throws SQLException, InterruptedException {
    // Neighbouring seeds would all begin alike: accidents in every round, or in none.
    var random = new Random(new SplittableRandom(seed * 1_000_003 + number).nextLong());
    accidents(random);
    var steps = new ArrayList<Step>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      steps.add(clientStep(random));
    }
    if (random.nextInt(3) == 0) {
      steps.add(operatorStep(random));
    }
    for (var tracker : trackers) {
      var its = new ArrayList<>(tracker.steps());
      Collections.shuffle(its, random);
      steps.addAll(its.subList(0, 3 + random.nextInt(3)));
    }
    var victim = trackers.get(random.nextInt(trackers.size()));
    boolean isKilled = random.nextInt(30) == 0;
    if (isKilled) {
      steps.add(new Step("kill", victim, victim::kill));
    }
    Collections.shuffle(steps, random);
    tell("round " + number + ": " + steps.stream().map(Step::name).toList());
    mischief.begin(number);
    together(steps);
    clients.settle();
    inspection.everyFileHasAGoodCopyThatTheTablesKnow(clients.files());
    if (isKilled) {
      trackers.set(trackers.indexOf(victim), start(HOSTNAMES.get(trackers.indexOf(victim))));
    }
    makeDue();
  }

  /** What was done of the things that a quiet run would leave out, for whoever runs for long. */
  Map<String, Integer> done() throws SQLException {
    var done = new TreeMap<>(natives.done());
    for (var kind : List.of("even", "drain")) {
      var moved =
          fixture.query(
              "SELECT COALESCE(SUM(files_moved), 0) FROM hayloft_move_job WHERE kind = '"
                  + kind
                  + "'");
      done.put("moved by " + kind, Integer.parseInt(moved.getFirst()));
    }
    return done;
  }

  private void tell(String event) {
    story.addLast(event);
    if (story.size() > ROUNDS_TO_TELL) {
      story.removeFirst();
    }
  }

  /** Between rounds: two accidents of one file at the same time may cost it, and are not its. */
  private void accidents(Random random) throws SQLException {
    if (random.nextInt(4) == 0) {
      for (var fid : clients.files().values()) {
        if (random.nextInt(4) == 0) {
          operators.damage(inspection.known(fid), inspection.hasDigest(fid), natives, random);
        }
      }
    }
    if (random.nextInt(60) == 0) {
      var known = new ArrayList<List<ReplicaPath>>();
      for (var fid : clients.files().values()) {
        known.add(inspection.known(fid));
      }
      var disk = operators.any(random);
      if (operators.loseDisk(disk, known)) {
        tell("dev" + disk + " dies");
      }
    }
  }

  private Step clientStep(Random random) {
    var key = KEYS.get(random.nextInt(KEYS.size()));
    var fileClass = classes.get(random.nextInt(classes.size()));
    var device = operators.forUpload(random);
    var other = KEYS.get(random.nextInt(KEYS.size()));
    return switch (random.nextInt(8)) {
      case 0, 1 -> {
        clients.announce(key);
        yield client("delete " + key, () -> clients.delete(key));
      }
      case 2 ->
          client("reclass " + key + " to " + fileClass, () -> clients.reclass(key, fileClass));
      case 3 -> {
        boolean isFree = !clients.isAnnounced(key) && !clients.isAnnounced(other);
        if (isFree && !key.equals(other)) {
          clients.rename(key, other);
        }
        yield client("renamed " + key + " to " + other, () -> {});
      }
      case 4 ->
          client("abandon an upload on dev" + device, () -> clients.abandon(device, this::age));
      default -> {
        clients.announce(key);
        yield client(
            "store " + key + " on dev" + device, () -> clients.store(key, fileClass, device));
      }
    };
  }

  private void age(Fid fid) {
    sql("UPDATE tempfile SET createtime = createtime - 4000 WHERE fid = " + fid);
  }

  private Step operatorStep(Random random) {
    var device = operators.any(random);
    var host = HOSTNAMES.get(random.nextInt(HOSTNAMES.size()));
    long markSeed = random.nextLong();
    return switch (random.nextInt(14)) {
      case 0 -> client("check", () -> operators.beginCheck(host));
      case 1 -> client("check beside all", () -> operators.forceCheck(host));
      case 2 -> client("rebalance off dev" + device, () -> operators.beginRebalance(host, device));
      case 3 -> client("end rebalance", operators::endRebalance);
      case 8, 9 -> client("drain dev" + device, () -> operators.drain(device));
      case 10, 12, 13 -> client("level", operators::level);
      case 11 -> client("end moves", operators::endMoves);
      case 4 -> client("wake all", () -> fixture.stores().replication().wakeAll());
      case 5 -> client("claims run out", this::makeDue);
      default -> client("mark dev" + device, () -> operators.mark(device, new Random(markSeed)));
    };
  }

  private Step client(String name, Mortal.Body body) {
    return new Step(name, trackers.getFirst(), body);
  }

  /** All at once; returns when nothing is under way any more. */
  private void together(List<Step> steps) throws InterruptedException {
    natives.roundBegins();
    var _ =
        fixture.tasks.forEach(
            steps,
            steps.size(),
            step -> {
              run(step);
              return step;
            });
    Awaitility.await("copies under way")
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> trackers.stream().allMatch(Mortal::isIdle));
    mischief.calm();
    trackers.forEach(Mortal::roundIsOver);
  }

  private void run(Step step) {
    try {
      step.body().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!step.tracker().isDead()) {
        ledger.violation(step.name() + " failed: " + e);
      }
    }
  }

  private void makeDue() {
    for (var queue : Inspection.QUEUES) {
      sql("UPDATE " + queue + " SET nexttry = 0 WHERE nexttry < 2147483647");
    }
  }

  /** One of two that write at the same time may lose. */
  private void sql(String statement) {
    for (int attempt = 0; ; attempt++) {
      try {
        fixture.sql(statement);
        return;
      } catch (SQLException lost) {
        if (attempt > 20) {
          throw new IllegalStateException(statement, lost);
        }
      }
    }
  }

  /** Nothing goes wrong any more: all must become as it should be, and stay so. */
  void comeToRest(int number) throws SQLException, InterruptedException {
    tell("rest after round " + number);
    mischief.calm();
    leasesRunOut();
    operators.endMoves();
    operators.markAllAlive();
    // What has bad copies among its many stays as it is until it is checked.
    workUntilQuiet("to end what was begun", "file_to_replicate");
    inspection.noLeaseOfAFileIsLeft();
    leasesRunOut();
    operators.markAllAlive();
    operators.checkContents(true);
    operators.beginCheck(HOSTNAMES.getFirst());
    workUntilQuiet("to check everything", "");
    operators.checkContents(false);
    for (var tracker : trackers) {
      tracker.refresh();
    }
    inspection.allIsAsItShouldBe(clients.files(), operators.devices());
    ledger.sweep(path -> inspection.known(path.fid()).contains(path));
  }

  /** Those that killed trackers held, and those of runs that another host goes on with. */
  private void leasesRunOut() {
    sql("DELETE FROM hayloft_lease");
  }

  /**
   * @param except what may still be queued
   */
  private void workUntilQuiet(String purpose, String except)
      throws SQLException, InterruptedException {
    for (int step = 0; step < STEPS_TO_REST; step++) {
      var steps = new ArrayList<Step>();
      trackers.forEach(tracker -> steps.addAll(tracker.steps()));
      together(steps);
      makeDue();
      if (notDealtWith().stream().allMatch(each -> each.startsWith(except + " "))) {
        return;
      }
    }
    ledger.violation(
        "no end of the work %s: %s, files by device: %s"
            .formatted(purpose, notDealtWith(), inspection.places()));
  }

  /** What nodes have found and nobody has dealt with. */
  private List<String> notDealtWith() throws SQLException {
    var unrest = new ArrayList<>(inspection.unrest());
    natives.found().forEach(path -> unrest.add("found " + path));
    return unrest;
  }

  /** For the message of a failure: the files as clients know them. */
  Map<String, Fid> files() {
    return new TreeMap<>(clients.files());
  }

  @Override
  public void close() {
    mischief.calm();
    trackers.forEach(Mortal::close);
    fixture.close();
  }
}
