package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.TodoStore;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The settings that begin with {@code fsck_}, and the table {@code fsck_log}. */
final class JdbcFsckStore implements FsckStore {

  private static final String COMMAND = "command";
  private static final int LOG_PORTION = 10_000;

  private final Transactions transactions;

  JdbcFsckStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Start start(String host) {
    return transactions.run(
        session -> {
          var _ = SettingRows.lock(session, FsckSettings.HOST);
          return FsckSettings.start(session, host, COMMAND);
        });
  }

  @Override
  public Start startFromTheFirst(String host, FsckTerms terms) {
    return transactions.run(
        session -> {
          var _ = SettingRows.lock(session, FsckSettings.HOST);
          return FsckSettings.startFromTheFirst(session, host, COMMAND, terms);
        });
  }

  @Override
  public void stop() {
    transactions.run(
        session -> {
          var settings = SettingRows.lock(session, FsckSettings.HOST);
          settings.remove(FsckSettings.HOST);
          settings.put(FsckSettings.STOPPED, now(session));
          FsckRuns.scanned(session, "stopped");
          return true;
        });
  }

  @Override
  public void reset(boolean policyOnly, long position) {
    var terms = policyOnly ? FsckTerms.USUAL.with(FsckTerms.Depth.POLICY) : FsckTerms.USUAL;
    transactions.run(
        session -> {
          var _ = SettingRows.lock(session, FsckSettings.POSITION);
          FsckSettings.reset(session, terms, position);
          return true;
        });
  }

  static long now(Session session) throws SQLException {
    return session.one(row -> row.number(1), "SELECT UNIX_TIMESTAMP()").orElse(0L);
  }

  @Override
  public Optional<String> host() {
    return transactions.single(
        session -> SettingRows.read(session, FsckSettings.HOST).get(FsckSettings.HOST));
  }

  @Override
  public FsckTerms terms() {
    return transactions.single(
        session ->
            FsckSettings.terms(
                SettingRows.read(session, FsckSettings.TERMS, FsckSettings.POLICY_ONLY)));
  }

  @Override
  public Status status() {
    return transactions.run(
        session -> {
          var counts = FsckCounts.update(session);
          var settings =
              SettingRows.read(
                  session,
                  FsckSettings.HOST,
                  FsckSettings.POLICY_ONLY,
                  FsckSettings.POSITION,
                  FsckSettings.END,
                  FsckSettings.STARTED,
                  FsckSettings.STOPPED);
          return new Status(
              settings.get(FsckSettings.HOST),
              settings.get(FsckSettings.POLICY_ONLY).isPresent(),
              new Range(settings.number(FsckSettings.POSITION), settings.number(FsckSettings.END)),
              new Times(
                  settings.number(FsckSettings.STARTED),
                  settings.number(FsckSettings.STOPPED),
                  now(session)),
              FsckCounts.newest(session),
              new TreeMap<>(counts));
        });
  }

  @Override
  public List<LogRow> log(long after, int limit) {
    return transactions.single(
        session ->
            session.list(
                row ->
                    new LogRow(
                        row.number(1),
                        row.number(2),
                        row.number(3) > 0 ? Optional.of(row.fid(3)) : Optional.empty(),
                        row.optionalText(4),
                        row.optionalDevice(5)),
                "SELECT logid, utime, fid, evcode, devid FROM fsck_log WHERE logid > ?"
                    + " ORDER BY logid LIMIT ?",
                after,
                limit));
  }

  /** In portions: the log may be as long as there are files. */
  @Override
  public void clearLog() {
    long newest =
        transactions.run(
            session -> {
              FsckCounts.close(session);
              FsckRuns.keepEvents(session);
              return FsckCounts.newest(session);
            });
    int portion;
    do {
      portion =
          transactions.longSingle(
              session ->
                  session.update(
                      "DELETE FROM fsck_log WHERE logid <= ? ORDER BY logid LIMIT ?",
                      newest,
                      LOG_PORTION));
    } while (portion == LOG_PORTION);
  }

  @Override
  public boolean takeOver(String from, String to) {
    return transactions.run(
        session -> {
          boolean taken =
              session.update(
                      "UPDATE server_settings SET value = ? WHERE field = ? AND value = ?",
                      to,
                      FsckSettings.HOST,
                      from)
                  == 1;
          if (taken) {
            FsckRuns.takenOver(session, to);
          }
          return taken;
        });
  }

  @Override
  public void checked(Collection<TodoStore.Queued> claimed) {
    if (claimed.isEmpty()) {
      return;
    }
    transactions.run(
        session -> {
          int done = JdbcTodoStore.done(session, TodoStore.Kind.FSCK, claimed);
          session.update(
              "UPDATE server_settings SET value = CAST(value AS UNSIGNED) + ? WHERE field = ?",
              done,
              FsckSettings.CHECKED);
          FsckRuns.checked(session, done);
          return done;
        });
  }

  @Override
  public boolean conclude(Conclusion conclusion) {
    return transactions.run(session -> conclude(session, conclusion));
  }

  private static boolean conclude(Session session, Conclusion conclusion) throws SQLException {
    var fid = conclusion.fid();
    if (!Queues.lockFile(session, fid)) {
      return false;
    }
    session.batch(
        "DELETE FROM file_on WHERE fid = ? AND devid = ?",
        conclusion.forget().stream().sorted().map(device -> List.<Object>of(fid, device)).toList());
    Queues.locate(session, fid, conclusion.found().stream().sorted().toList());
    if (!conclusion.forget().isEmpty() || !conclusion.found().isEmpty()) {
      session.moved(fid);
    }
    if (conclusion.checksum().isPresent()) {
      Queues.keep(session, fid, conclusion.checksum().get());
    }
    if (conclusion.then().contains(Then.RECOUNT)) {
      Queues.recount(session, fid);
    }
    if (conclusion.then().contains(Then.REPLICATE)) {
      session.update(
          "INSERT INTO file_to_replicate (fid, nexttry) VALUES (?, UNIX_TIMESTAMP() + 1)"
              + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, UNIX_TIMESTAMP() + 1)",
          fid);
    }
    session.batch(
        "INSERT INTO fsck_log (utime, fid, evcode, devid) VALUES (UNIX_TIMESTAMP(), ?, ?, ?)",
        conclusion.events().stream()
            .map(event -> List.<Object>of(fid, event.code().name(), event.device()))
            .toList());
    if (conclusion.events().contains(Event.of(FsckEvent.GONE))) {
      FsckRuns.lost(session, fid);
    }
    return true;
  }
}
