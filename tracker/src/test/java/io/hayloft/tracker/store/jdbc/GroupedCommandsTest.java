package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.linear.Linearization;
import io.hayloft.tracker.linear.Operation;
import io.hayloft.tracker.linear.Recorder;
import io.hayloft.tracker.store.jdbc.NameCommand.Abandon;
import io.hayloft.tracker.store.jdbc.NameCommand.Close;
import io.hayloft.tracker.store.jdbc.NameCommand.Delete;
import io.hayloft.tracker.store.jdbc.NameCommand.Locate;
import io.hayloft.tracker.store.jdbc.NameCommand.Look;
import io.hayloft.tracker.store.jdbc.NameCommand.Rename;
import io.hayloft.tracker.store.jdbc.NameSpace.Entry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Commands that get in each other's way and are carried out together are answered as if they had
 * come in some order, and leave behind what that order leaves when they come one by one.
 *
 * <p>More of them with {@code -Dhayloft.group.tries=5000}; the same ones again with {@code
 * -Dhayloft.group.seed=…}.
 */
@ParameterizedClass
@EnumSource(Tables.class)
class GroupedCommandsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int TRIES = Integer.getInteger("hayloft.group.tries", 15);

  /** All are under way together: twice as many are thousands of times as much to search. */
  private static final int MOST = 14;

  /** Some differ in their case and in a blank at the end only, some have bytes beyond ASCII. */
  private static final List<String> KEYS = List.of("a", "A", "a ", "b", "c", "k\u00fc\u00ff", "KZ");

  /** The tables that commands change, in the words of {@link #rows}. */
  private static final List<String> TABLES =
      List.of(
          "SELECT 'file', fid, dmid, HEX(dkey), length, classid, devcount FROM file ORDER BY fid",
          "SELECT 'file_on', fid, devid FROM file_on ORDER BY fid, devid",
          "SELECT 'tempfile', fid, classid, dmid, HEX(dkey), devids FROM tempfile ORDER BY fid",
          "SELECT 'file_to_delete2', fid, failcount, nexttry <= UNIX_TIMESTAMP()"
              + " FROM file_to_delete2 ORDER BY fid",
          "SELECT 'file_to_replicate', fid, nexttry, failcount FROM file_to_replicate ORDER BY fid",
          "SELECT 'checksum', fid, hashtype, HEX(checksum) FROM checksum ORDER BY fid");

  private static final List<String> CHANGED =
      List.of("file", "file_on", "tempfile", "file_to_delete2", "file_to_replicate", "checksum");

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final GatedStores together = GatedStores.on(DATABASE);
  private final Tables tables;

  GroupedCommandsTest(Tables tables) {
    this.tables = tables;
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO device (devid, hostid, status) VALUES (9, 1, 'dead')");
    }
  }

  @AfterEach
  void close() throws SQLException {
    together.close();
    fixture.close();
  }

  /** What there is before: names with their files, uploads, and uploads whose fid is a file. */
  private record Start(List<Integer> names, Set<Integer> uploadsOfFiles) {}

  @Test
  void areAnsweredAndLeaveTheRowsAsInSomeOrder() throws Exception {
    long seed = Long.getLong("hayloft.group.seed", System.nanoTime());
    var random = new Random(seed);
    var starts = many(GroupedCommandsTest::starts, random);
    var commands = many(GroupedCommandsTest::commands, random);
    int changed = 0;
    for (int i = 0; i < TRIES; i++) {
      var start = starts.get(i);
      var some = commands.get(i);
      try {
        changed += isSomeOrder(start, some);
      } catch (AssertionError e) {
        throw new AssertionError(
            "-Dhayloft.group.seed=%d, try %d, %s, %s".formatted(seed, i, start, some), e);
      }
    }
    assertThat(changed).as("commands that did something").isGreaterThan(TRIES);
  }

  private static <T> List<T> many(Supplier<Arbitrary<T>> arbitrary, Random random) {
    var many = new ArrayList<T>();
    JqwikSession.run(
        () -> {
          var generator = arbitrary.get().generator(1000);
          for (int i = 0; i < TRIES; i++) {
            many.add(generator.next(random).value());
          }
        });
    return many;
  }

  private int isSomeOrder(Start start, List<NameCommand> commands) throws Exception {
    var space = layOut(start);
    var recorder = new Recorder<NameCommand, String>();
    together.together(
        commands.stream()
            .map(command -> (Callable<Boolean>) () -> record(recorder, command))
            .toList());
    for (var key : KEYS) {
      for (int domain = 1; domain <= 2; domain++) {
        record(recorder, new Locate(domain, key));
      }
    }
    var rows = rows();
    var order = order(space, recorder.operations());
    layOut(start);
    for (var operation : order) {
      if (operation.answer().orElseThrow().equals(NameCommand.LOST)) {
        continue;
      }
      assertThat(oneByOne(operation.command()))
          .as("%s in %s", operation, order)
          .isEqualTo(operation.answer().orElseThrow());
    }
    assertThat(rows).as("what is left after %s", order).isEqualTo(rows());
    return (int) order.stream().filter(GroupedCommandsTest::didSomething).count();
  }

  /** What has nothing in common comes in any order. */
  private List<Operation<NameCommand, String>> order(
      NameSpace space, List<Operation<NameCommand, String>> operations) {
    var all = new ArrayList<Operation<NameCommand, String>>();
    for (var some : Linearization.apart(operations, command -> touches(command, space))) {
      var order = Linearization.of(NameSpace.model(sameKeys()), space, some);
      assertThat(order).as("an order for %s", some).isPresent();
      all.addAll(order.orElseThrow());
    }
    return all;
  }

  /** Closing has to do with the name of the file that has the fid of the upload, too. */
  private Set<Object> touches(NameCommand command, NameSpace start) {
    var touches = new HashSet<>(command.touches(sameKeys()));
    start
        .files()
        .forEach(
            (name, file) -> {
              if (touches.contains(file.fid())) {
                touches.add(name);
              }
            });
    return touches;
  }

  private static boolean didSomething(Operation<NameCommand, String> operation) {
    var answer = operation.answer().orElse("");
    return answer.startsWith("closed") || Set.of("deleted", "renamed").contains(answer);
  }

  private boolean record(Recorder<NameCommand, String> recorder, NameCommand command) {
    recorder.record(command, () -> command.told(together.files(), together.uploads()));
    return true;
  }

  private String oneByOne(NameCommand command) {
    return command.told(fixture.stores().files(), fixture.stores().uploads()).orElseThrow();
  }

  private UnaryOperator<String> sameKeys() {
    return tables == Tables.OURS ? key -> key : key -> key.stripTrailing().toLowerCase(Locale.ROOT);
  }

  private NameSpace layOut(Start start) throws SQLException {
    Map<String, Entry> files = new HashMap<>();
    var open = LongStream.rangeClosed(1, 8).boxed().collect(Collectors.toCollection(TreeSet::new));
    var rows = new ArrayList<String>();
    for (int number : start.names()) {
      int domain = 1 + number / KEYS.size();
      var key = KEYS.get(number % KEYS.size());
      long fid = 101L + number;
      if (files.putIfAbsent(domain + "/" + sameKeys().apply(key), new Entry(fid, key)) == null) {
        var hex = HexFormat.of().formatHex(new Key(key).bytes());
        rows.add(
            "(%d, %d, CAST(X'%s' AS CHAR CHARACTER SET latin1), 5, 0, 1)"
                .formatted(fid, domain, hex));
        if (start.uploadsOfFiles().contains(number)) {
          open.add(fid);
        }
      }
    }
    fixture.sql("START TRANSACTION");
    for (var table : CHANGED) {
      fixture.sql("DELETE FROM " + table);
    }
    if (!rows.isEmpty()) {
      fixture.sql("INSERT INTO file VALUES " + String.join(", ", rows));
      fixture.sql("INSERT INTO file_on SELECT fid, 1 FROM file");
    }
    fixture.sql(
        open.stream()
            .map("(%d, 1, 0, 1, 'key', '1,2')"::formatted)
            .collect(Collectors.joining(", ", "INSERT INTO tempfile VALUES ", "")));
    fixture.sql("COMMIT");
    return new NameSpace(files, open);
  }

  private List<String> rows() throws SQLException {
    var rows = new ArrayList<String>();
    for (var table : TABLES) {
      rows.addAll(fixture.query(table));
    }
    return rows;
  }

  private static Arbitrary<Start> starts() {
    var names = Arbitraries.integers().between(0, 2 * KEYS.size() - 1);
    return Combinators.combine(names.list().uniqueElements().ofMaxSize(8), names.set().ofMaxSize(2))
        .as(Start::new);
  }

  private static Arbitrary<List<NameCommand>> commands() {
    var domains = Arbitraries.frequency(Tuple.of(4, 1), Tuple.of(1, 2));
    var keys = Arbitraries.of(KEYS);
    var fids =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.longs().between(1, 9)),
            Tuple.of(1, Arbitraries.longs().between(101, 114)));
    var devices =
        Arbitraries.frequency(
            Tuple.of(9, StoreFixture.DEV1),
            Tuple.of(9, StoreFixture.DEV2),
            Tuple.of(1, NameCommand.DEAD));
    var lengths = Arbitraries.frequency(Tuple.of(15, 7L), Tuple.of(1, -1L));
    Arbitrary<NameCommand> closes =
        Combinators.combine(fids, domains, keys, devices, lengths).as(Close::new);
    Arbitrary<NameCommand> deletes = Combinators.combine(domains, keys).as(Delete::new);
    Arbitrary<NameCommand> renames = Combinators.combine(domains, keys, keys).as(Rename::new);
    Arbitrary<NameCommand> locates = Combinators.combine(domains, keys).as(Locate::new);
    Arbitrary<NameCommand> looks = fids.map(Look::new);
    Arbitrary<NameCommand> abandons = fids.map(Abandon::new);
    var mixed =
        Arbitraries.frequencyOf(
            Tuple.of(8, closes),
            Tuple.of(5, deletes),
            Tuple.of(6, renames),
            Tuple.of(3, locates),
            Tuple.of(1, looks),
            Tuple.of(1, abandons));
    return Arbitraries.frequencyOf(
        Tuple.of(3, mixed.list().ofMinSize(4).ofMaxSize(MOST)),
        Tuple.of(2, closes.list().ofMinSize(6).ofMaxSize(MOST)),
        Tuple.of(1, deletes.list().ofMinSize(6).ofMaxSize(MOST)),
        Tuple.of(2, renames.list().ofMinSize(6).ofMaxSize(MOST)));
  }
}
