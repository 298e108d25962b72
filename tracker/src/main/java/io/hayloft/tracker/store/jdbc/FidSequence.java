package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.UploadStore.Opening;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
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
  private static final String DELETE = "DELETE FROM tempfile WHERE fid = ?";

  /** How far numbers may be out of order without the counter having been set back. */
  private static final long DISORDER = 1_000;

  private final DatabaseFacts.Lazy facts;
  private final AtomicLong highest = new AtomicLong();

  FidSequence(DatabaseFacts.Lazy facts) {
    this.facts = facts;
  }

  /** Registers uploads under the next numbers. Each statement may stand for itself. */
  List<Fid> next(Session session, List<Opening> openings) throws SQLException {
    long floor = facts.of(session).highestFid();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      var numbers = insert(session, openings);
      long least = Collections.min(numbers);
      if (least > floor && least > highest.get() - DISORDER && !isUsed(session, numbers)) {
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
    long next = insert(session, List.of(opening)).getFirst();
    if (wanted.value() < next
        || wanted.value() <= facts.of(session).highestFid()
        || isUsed(session, List.of(wanted.value()))) {
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

  private static List<Long> insert(Session session, List<Opening> openings) throws SQLException {
    return session.insertEachNumbered(
        INSERT,
        ROW,
        openings.stream()
            .map(
                each -> List.<Object>of(each.fileClass(), each.domain(), each.key(), devices(each)))
            .toList());
  }

  private static String devices(Opening opening) {
    return opening.devices().stream()
        .map(device -> Integer.toString(device.value()))
        .collect(Collectors.joining(","));
  }

  private static boolean isUsed(Session session, List<Long> numbers) throws SQLException {
    var fids = List.<Object>copyOf(numbers);
    return session.existsByColumns(
        "SELECT 1 FROM DUAL WHERE EXISTS (SELECT 1 FROM file WHERE fid IN (??))"
            + " OR EXISTS (SELECT 1 FROM file_on WHERE fid IN (??))"
            + " OR EXISTS (SELECT 1 FROM file_to_delete2 WHERE fid IN (??))",
        List.of(fids, fids, fids));
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
