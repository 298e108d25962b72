package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.UploadStore.Opening;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each upload its number: the one that the table of uploads counts up to.
 *
 * <p>A number must never be given twice, because bytes are stored under it. Old servers forget
 * where they were when the table is empty at a restart, and so does a table restored without its
 * counter. Therefore a number is not given out that is not above all that were in use at the start,
 * that is far below those given since, or that anything in the database still refers to; the
 * counter is moved above them instead. Numbers may be skipped, and in a cluster of databases always
 * are; there, and between threads, they may also be out of order by a little.
 *
 * <p>The numbers of many rows of one statement are as far apart as the server says. A cluster says
 * otherwise when a node joins or leaves it, on connections that are open too. So it is asked before
 * and after, and when the answers differ the numbers count for nothing and their rows expire.
 */
final class FidSequence {

  private static final Logger log = LoggerFactory.getLogger(FidSequence.class);
  private static final int ATTEMPTS = 5;
  private static final String COUNTER_ROW = "hayloft: moves the counter";

  private static final String INSERT =
      "INSERT INTO tempfile (createtime, classid, dmid, dkey, devids) VALUES ??";
  private static final String ROW = "(UNIX_TIMESTAMP(), ?, ?, ?, ?)";
  private static final String INSERT_EXPLICIT =
      "INSERT INTO tempfile (fid, createtime, classid, dmid, dkey, devids)"
          + " VALUES (?, UNIX_TIMESTAMP(), ?, ?, ?, ?)";
  private static final String LOOK =
      "SELECT EXISTS (SELECT 1 FROM file WHERE fid %s)"
          + " OR EXISTS (SELECT 1 FROM file_on WHERE fid %s)"
          + " OR EXISTS (SELECT 1 FROM file_to_delete2 WHERE fid %s),"
          + " @@auto_increment_increment";
  private static final String LOOK_ABOVE = LOOK.formatted(">= ?", ">= ?", ">= ?");

  /** As {@link #LOOK_ABOVE}, of the first number that the statement before it was given. */
  private static final String LOOK_ABOVE_THOSE =
      LOOK.formatted(">= LAST_INSERT_ID()", ">= LAST_INSERT_ID()", ">= LAST_INSERT_ID()")
          + ", LAST_INSERT_ID()";

  private static final String LOOK_EACH = LOOK.formatted("IN (??)", "IN (??)", "IN (??)");
  private static final String DELETE = "DELETE FROM tempfile WHERE fid = ?";

  /** How far numbers may be out of order without the counter having been set back. */
  private static final long DISORDER = 1_000;

  private final DatabaseFacts.Lazy facts;
  private final AtomicLong highest = new AtomicLong();

  /** How far apart numbers were when the server was asked last; 0 when it was not. */
  private final AtomicLong knownStep = new AtomicLong();

  FidSequence(DatabaseFacts.Lazy facts) {
    this.facts = facts;
  }

  /** Registers uploads under the next numbers, by one statement that may stand for itself. */
  List<Fid> next(Session session, List<Opening> openings) throws SQLException {
    long floor = facts.of(session).highestFid();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long step = step(session);
      var inserted = insert(session, openings);
      var numbers = numbers(inserted.first(), openings.size(), step);
      var look = look(session, numbers, inserted.above());
      if (numbers.size() > 1 && look.step() != step) {
        log.info("fids are {} apart instead of {}", look.step(), step);
        continue;
      }
      long least = Collections.min(numbers);
      if (least > floor && least > highest.get() - DISORDER && !look.isUsed()) {
        highest.accumulateAndGet(Collections.max(numbers), Math::max);
        return numbers.stream().map(Fid::new).toList();
      }
      session.updateMany("DELETE FROM tempfile WHERE fid IN (??)", numbers);
      log.warn("fids from {} were in use before: the counter of uploads was set back", least);
      moveAbove(
          session, Math.max(highest.get(), Math.max(floor, DatabaseFacts.highestFid(session))));
    }
    throw new IllegalStateException("the counter of uploads cannot be moved above the fids in use");
  }

  /**
   * Registers an upload under a number of the caller's choice; empty when it was not above all
   * given before, or is too large for the tables. To be run in a transaction, which is to be rolled
   * back then.
   */
  Optional<Fid> explicit(Session session, Opening opening, Fid wanted) throws SQLException {
    long next = insert(session, List.of(opening)).first();
    if (wanted.value() < next
        || wanted.value() <= facts.of(session).highestFid()
        || look(session, wanted).isUsed()) {
      return Optional.empty();
    }
    if (wanted.value() > next) {
      session.update(DELETE, next);
      try {
        session.update(
            INSERT_EXPLICIT,
            wanted,
            opening.fileClass(),
            opening.domain(),
            opening.key(),
            devices(opening));
      } catch (SQLException e) {
        if (SqlFailure.isDuplicate(e) || SqlFailure.isTooLarge(e)) {
          return Optional.empty();
        }
        throw e;
      }
    }
    highest.accumulateAndGet(wanted.value(), Math::max);
    return Optional.of(wanted);
  }

  /**
   * Rows of one statement.
   *
   * @param first the number of the first; the others' follow, in their order and always so far
   *     apart. What the driver says of those it only supposes, by what was true when its connection
   *     was made.
   * @param above what was seen right after that, of all numbers from the first on
   */
  private record Inserted(long first, Look above) {}

  private static Inserted insert(Session session, List<Opening> openings) throws SQLException {
    var script = new Script();
    var rows =
        script.update(
            INSERT,
            ROW,
            openings.stream()
                .map(
                    each ->
                        List.<Object>of(each.fileClass(), each.domain(), each.key(), devices(each)))
                .toList());
    var above =
        script.list(row -> new Inserted(row.number(3), FidSequence.look(row)), LOOK_ABOVE_THOSE);
    session.run(script);
    if (rows.outcome() != openings.size()) {
      throw new IllegalStateException(
          "the database made %d numbered rows of %d".formatted(rows.outcome(), openings.size()));
    }
    return above.outcome().getFirst();
  }

  private static List<Long> numbers(long first, int count, long step) {
    return LongStream.range(0, count).map(i -> first + i * step).boxed().toList();
  }

  private static String devices(Opening opening) {
    return opening.devices().stream()
        .map(device -> Integer.toString(device.value()))
        .collect(Collectors.joining(","));
  }

  private long step(Session session) throws SQLException {
    long known = knownStep.get();
    if (known > 0) {
      return known;
    }
    long step =
        session.one(row -> row.number(1), "SELECT @@auto_increment_increment").orElseThrow();
    knownStep.set(step);
    return step;
  }

  /**
   * What the database says of numbers.
   *
   * @param isUsed whether anything but an open upload refers to one of them
   * @param step how far apart those of one statement are
   */
  private record Look(boolean isUsed, long step) {}

  private Look look(Session session, Fid wanted) throws SQLException {
    var above = session.one(FidSequence::look, LOOK_ABOVE, wanted, wanted, wanted).orElseThrow();
    return look(session, List.of(wanted.value()), above);
  }

  /**
   * Mostly nothing at all has such high numbers, which takes a look at the end of three indexes.
   * Where something has, each number is looked up: it may be a file of another tracker's.
   */
  private Look look(Session session, List<Long> numbers, Look above) throws SQLException {
    if (!above.isUsed()) {
      knownStep.set(above.step());
      return above;
    }
    var fids = List.<Object>copyOf(numbers);
    var looks = session.listByColumns(FidSequence::look, LOOK_EACH, List.of(fids, fids, fids));
    long step = looks.getLast().step();
    knownStep.set(step);
    return new Look(looks.stream().anyMatch(Look::isUsed), step);
  }

  private static Look look(Row row) throws SQLException {
    return new Look(row.number(1) != 0, row.number(2));
  }

  private static void moveAbove(Session session, long highest) throws SQLException {
    session.update(
        "INSERT INTO tempfile (fid, createtime, classid, dmid, dkey, devids)"
            + " VALUES (?, UNIX_TIMESTAMP(), 0, 0, ?, '') ON DUPLICATE KEY UPDATE fid = fid",
        highest,
        COUNTER_ROW);
    session.update(
        "DELETE FROM tempfile WHERE fid = ? AND dmid = 0 AND dkey = ?", highest, COUNTER_ROW);
  }
}
