package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.model.StoredFile.Name;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.group.Gathering;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the database fetch the pages of keys from its disk, many at a time, before a transaction
 * needs them, which would fetch one after the other and hold its locks meanwhile.
 *
 * <p>That only helps where the index of the keys is larger than the database's memory, and costs a
 * look-up for each file that is stored. So it is done while the server says that it had to go to
 * the disk for every second file or oftener; whether that is so it is asked every few seconds, by
 * whoever stores a file just then.
 */
final class KeysAhead {

  private static final Logger log = LoggerFactory.getLogger(KeysAhead.class);

  /** Few in a batch, so that several are on their way; half of the connections that there are. */
  private static final Gathering.Room ROOM = new Gathering.Room(4, 8);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** Fewer files than these say nothing. */
  private static final int LEAST = 100;

  private static final int FILES_OF_A_READ = 2;

  /** Pages that were not in memory when they were needed; MySQL and MariaDB count them alike. */
  private static final String READS = "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_reads'";

  private final Transactions transactions;
  private final DatabaseFacts.Lazy facts;
  private final Reads reads;
  private final Gathering<Name, Boolean> looks;
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong nextLook;
  private volatile Seen seen = new Seen(0, 0, false);

  /**
   * What was seen last.
   *
   * @param reads of the server, since it started
   * @param files that were stored by this tracker, since it started
   */
  private record Seen(long reads, long files, boolean isLarge) {}

  /** How often the server had to go to its disk since it started. */
  @FunctionalInterface
  interface Reads {
    long soFar();
  }

  KeysAhead(Transactions transactions, DatabaseFacts.Lazy facts) {
    this(transactions, facts, () -> reads(transactions));
  }

  KeysAhead(Transactions transactions, DatabaseFacts.Lazy facts, Reads reads) {
    this.transactions = transactions;
    this.facts = facts;
    this.reads = reads;
    this.looks = transactions.gathering(this::fetch, _ -> List.of(), ROOM);
    this.nextLook = new AtomicLong(transactions.time().nanoTime());
  }

  /** To be called before a file is stored under a name, outside of transactions. */
  void before(Name name) {
    files.incrementAndGet();
    if (isIdle()) {
      return;
    }
    try {
      looks.ask(name);
    } catch (StoreException e) {
      failed(e);
    }
  }

  /**
   * As {@link #before(Name)}, for those who must not wait.
   *
   * @param then stores it; called once, maybe at once
   */
  void before(Name name, Runnable then) {
    files.incrementAndGet();
    if (isIdle()) {
      then.run();
      return;
    }
    looks.ask(
        name,
        outcome -> {
          try {
            var _ = outcome.get();
          } catch (RuntimeException e) {
            failed(e);
          }
          then.run();
        });
  }

  /** Whether there is nothing to ask the database for. */
  private boolean isIdle() {
    return !seen.isLarge && transactions.time().nanoTime() - nextLook.get() < 0;
  }

  /** Storing it will fail as well, or succeed; either is the caller's to hear. */
  private void failed(RuntimeException e) {
    log.debug("keys are not read ahead for now", e);
    seen = new Seen(seen.reads, seen.files, false);
  }

  /** Whether the index is larger than the memory, as far as is known. */
  boolean isDone() {
    return seen.isLarge;
  }

  private void look() {
    long due = nextLook.get();
    long now = transactions.time().nanoTime();
    if (now - due < 0 || !nextLook.compareAndSet(due, now + BETWEEN_LOOKS.toNanos())) {
      return;
    }
    long stored = files.get();
    var before = seen;
    if (stored - before.files < LEAST) {
      return;
    }
    long fetched = reads.soFar();
    boolean isFirst = before.files == 0;
    seen =
        new Seen(
            fetched, stored, !isFirst && isLarge(fetched - before.reads, stored - before.files));
    if (seen.isLarge != before.isLarge) {
      log.info(
          seen.isLarge
              ? "the index of keys does not fit into the database's memory: keys are read ahead"
              : "the index of keys fits into the database's memory");
    }
  }

  private static boolean isLarge(long reads, long files) {
    return reads * FILES_OF_A_READ >= files;
  }

  private static long reads(Transactions transactions) {
    return transactions
        .single(session -> session.one(row -> Long.parseLong(row.text(2)), READS))
        .orElse(0L);
  }

  private List<Boolean> fetch(List<Name> names) {
    look();
    if (seen.isLarge) {
      read(names);
    }
    return names.stream().map(_ -> true).toList();
  }

  private void read(List<Name> names) {
    var _ =
        transactions.single(
            session ->
                session.listRows(
                    row -> row.number(1),
                    "SELECT COUNT(*) FROM file"
                        + facts.of(session).indexes().keys()
                        + " WHERE (dmid, dkey) IN (??)",
                    "(?, ?)",
                    FileBatches.rows(names)));
  }
}
