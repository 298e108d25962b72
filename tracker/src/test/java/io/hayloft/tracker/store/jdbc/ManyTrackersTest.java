package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.FaultyProxy;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.linear.Linearization;
import io.hayloft.tracker.linear.Model;
import io.hayloft.tracker.linear.Operation;
import io.hayloft.tracker.linear.Recorder;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.jdbc.NameCommand.Abandon;
import io.hayloft.tracker.store.jdbc.NameCommand.Close;
import io.hayloft.tracker.store.jdbc.NameCommand.Delete;
import io.hayloft.tracker.store.jdbc.NameCommand.Locate;
import io.hayloft.tracker.store.jdbc.NameCommand.Look;
import io.hayloft.tracker.store.jdbc.NameCommand.Rename;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the clients of two trackers with one database are told is what one after the other could
 * have been told: also when connections end in the middle of commits. Then a request that failed
 * may have been carried out or not, and one that was answered has been.
 *
 * <p>Longer with {@code -Dhayloft.linear.rounds=2000}; the same commands again, not the same
 * moments, with {@code -Dhayloft.linear.seed=…}.
 */
class ManyTrackersTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int ROUNDS = Integer.getInteger("hayloft.linear.rounds", 12);
  private static final int CLIENTS = 8;
  private static final int COMMANDS = 7;
  private static final int FIDS = 30;
  private static final List<String> KEYS = List.of("a", "b", "c", "d");

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final StoreFixture other = new StoreFixture(DATABASE);
  private final long seed = Long.getLong("hayloft.linear.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @AfterEach
  void close() throws SQLException {
    other.close();
    fixture.close();
  }

  @Test
  void twoTrackersAnswerAsOneThatTakesOneAfterTheOther() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      var operations = run(List.of(fixture.stores(), other.stores()), () -> true);

      assertThat(operations).allMatch(operation -> operation.answer().isPresent());
      assertLinear(NameSpace.model(UnaryOperator.identity()), operations, round);
      assertWhole(round);
    }
  }

  @Test
  void connectionsThatBreakDuringCommitsTakeNothingBackThatWasAnswered() throws Exception {
    int unknown = 0;
    try (var proxy = FaultyProxy.before(DATABASE.url());
        var behind =
            JdbcStores.open(
                DatabaseConfig.of(
                    proxy.through(DATABASE.url()), DATABASE.user(), DATABASE.password()),
                new SimpleMeterRegistry(),
                ChangeListener.NONE,
                Thread::startVirtualThread)) {
      for (int round = 0; round < ROUNDS; round++) {
        var operations = run(List.of(behind.stores(), other.stores()), () -> breakSome(proxy));

        unknown += (int) operations.stream().filter(each -> each.answer().isEmpty()).count();
        assertLinear(NameSpace.modelOfWhatIsSeen(UnaryOperator.identity()), operations, round);
        assertWhole(round);
      }
    }
    assertThat(unknown).as("requests of which nobody knows").isPositive();
  }

  /** What clients of these trackers are told, and at last what all keys stand for. */
  private List<Operation<NameCommand, String>> run(List<Stores> trackers, Callable<Boolean> beside)
      throws Exception {
    fixture.empty();
    fixture.sql(
        LongStream.rangeClosed(1, FIDS)
            .mapToObj("(%d, 1, 0, 1, 'key', '1')"::formatted)
            .collect(Collectors.joining(", ", "INSERT INTO tempfile VALUES ", "")));
    var recorder = new Recorder<NameCommand, String>();
    var calls = new ArrayList<Callable<Boolean>>();
    for (int client = 0; client < CLIENTS; client++) {
      var tracker = trackers.get(client % trackers.size());
      var commands = commands();
      calls.add(
          () -> {
            commands.forEach(command -> record(recorder, tracker, command));
            return true;
          });
    }
    calls.add(beside);
    StoreFixture.together(calls);
    awaitTheEndOfAllTransactions();
    KEYS.forEach(key -> record(recorder, fixture.stores(), new Locate(1, key)));
    // Of a look that failed there is nothing to tell.
    return recorder.operations().stream()
        .filter(each -> each.answer().isPresent() || !isLook(each.command()))
        .toList();
  }

  private static boolean isLook(NameCommand command) {
    return command instanceof Locate || command instanceof Look;
  }

  private static void record(
      Recorder<NameCommand, String> recorder, Stores tracker, NameCommand command) {
    recorder.record(command, () -> command.told(tracker.files(), tracker.uploads()));
  }

  private List<NameCommand> commands() {
    var commands = new ArrayList<NameCommand>();
    for (int i = 0; i < COMMANDS; i++) {
      long fid = 1L + random.nextInt(FIDS);
      commands.add(
          switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> new Close(fid, 1, key(), StoreFixture.DEV1, 7);
            case 4, 5 -> new Delete(1, key());
            case 6, 7 -> new Rename(1, key(), key());
            case 8, 9 -> new Locate(1, key());
            case 10 -> new Look(fid);
            default -> new Abandon(fid);
          });
    }
    return commands;
  }

  private String key() {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  /**
   * Cuts a connection when it has sent a commit, and kills another at any moment: more would leave
   * more requests without an answer than can be searched.
   */
  private boolean breakSome(FaultyProxy proxy) throws Exception {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      proxy.cutAfter("COMMIT");
      pause(6);
      var ids = new ArrayList<Long>();
      try (var rows =
          statement.executeQuery(
              "SELECT id FROM information_schema.processlist"
                  + " WHERE db = DATABASE() AND command <> 'Sleep' AND id <> CONNECTION_ID()")) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      if (!ids.isEmpty()) {
        kill(statement, ids.get(random.nextInt(ids.size())));
      }
      pause(6);
    } finally {
      proxy.pass();
    }
    return true;
  }

  private static void kill(Statement statement, long id) {
    try {
      statement.execute("KILL CONNECTION " + id);
    } catch (SQLException gone) {
      // It had ended by itself.
    }
  }

  private void pause(int mostMillis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(random.nextInt(1 + mostMillis), TimeUnit.MILLISECONDS);
  }

  /** The server may yet be at the commit of a connection that was cut: it has locks until then. */
  private void awaitTheEndOfAllTransactions() throws SQLException {
    fixture.query("SELECT fid FROM tempfile FOR UPDATE");
    fixture.query("SELECT fid FROM file FOR UPDATE");
  }

  private void assertLinear(
      Model<NameSpace, NameCommand, String> model,
      List<Operation<NameCommand, String>> operations,
      int round) {
    var start =
        new NameSpace(
            Map.of(), LongStream.rangeClosed(1, FIDS).boxed().collect(Collectors.toSet()));
    for (var some :
        Linearization.apart(operations, command -> command.touches(UnaryOperator.identity()))) {
      assertThat(Linearization.of(model, start, some))
          .as("an order in round %d of -Dhayloft.linear.seed=%d for %s", round, seed, some)
          .isPresent();
    }
  }

  private void assertWhole(int round) throws SQLException {
    assertThat(
            fixture.query(
                "SELECT f.fid FROM file f LEFT JOIN file_on o USING (fid)"
                    + " LEFT JOIN file_to_replicate r ON r.fid = f.fid"
                    + " LEFT JOIN file_to_delete2 d ON d.fid = f.fid"
                    + " LEFT JOIN tempfile t ON t.fid = f.fid"
                    + " WHERE o.fid IS NULL OR r.fid IS NULL OR d.fid IS NOT NULL"
                    + " OR t.fid IS NOT NULL"))
        .as("files that are not whole, round %d of seed %d", round, seed)
        .isEmpty();
    assertThat(
            fixture.query(
                "SELECT o.fid FROM file_on o LEFT JOIN file f USING (fid)"
                    + " LEFT JOIN file_to_delete2 d ON d.fid = o.fid"
                    + " WHERE f.fid IS NULL AND d.fid IS NULL"))
        .as("bytes that nobody removes, round %d of seed %d", round, seed)
        .isEmpty();
  }
}
