package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.TodoStore;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The settings that begin with {@code fsck_}, and the table {@code fsck_log}. */
final class JdbcFsckStore implements FsckStore {

  static final String HOST = "fsck_host";

  private static final String STARTED = "fsck_start_time";
  private static final String STOPPED = "fsck_stop_time";
  private static final String CHECKED = "fsck_fids_checked";
  private static final String FROM = "fsck_start_fid";
  private static final String POSITION = "fsck_highest_fid_checked";
  private static final String END = "fsck_fid_at_end";
  private static final String POLICY_ONLY = "fsck_opt_policy_only";
  private static final int LOG_PORTION = 10_000;

  private final Transactions transactions;

  JdbcFsckStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Start start(String host) {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST, JdbcRebalanceStore.HOST, POSITION, END);
          if (settings.get(HOST).isPresent()) {
            return Start.FSCK_RUNNING;
          }
          if (settings.get(JdbcRebalanceStore.HOST).isPresent()) {
            return Start.REBALANCE_RUNNING;
          }
          long position = settings.number(POSITION);
          long end = settings.number(END);
          boolean isOver = position > 0 && end > 0 && position >= end;
          if (isOver || (position == 0 && end == 0)) {
            renew(session, settings);
          }
          settings.put(STARTED, now(session));
          settings.remove(STOPPED);
          settings.put(CHECKED, 0);
          settings.put(FROM, position);
          settings.put(HOST, host);
          return Start.STARTED;
        });
  }

  @Override
  public void stop() {
    transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST);
          settings.remove(HOST);
          settings.put(STOPPED, now(session));
          return true;
        });
  }

  @Override
  public void reset(boolean policyOnly, long position) {
    transactions.run(
        session -> {
          var settings = SettingRows.lock(session, POSITION);
          if (policyOnly) {
            settings.put(POLICY_ONLY, 1);
          } else {
            settings.remove(POLICY_ONLY);
          }
          settings.put(POSITION, position);
          renew(session, settings);
          return true;
        });
  }

  private static void renew(Session session, SettingRows settings) throws SQLException {
    settings.remove(STARTED, STOPPED);
    settings.put(CHECKED, 0);
    settings.put(
        END,
        session.one(row -> row.number(1), "SELECT COALESCE(MAX(fid), 0) FROM file").orElse(0L));
    FsckCounts.forget(session);
    long newest = FsckCounts.newest(session);
    settings.put("fsck_start_maxlogid", newest);
    settings.put("fsck_logid_processed", newest);
  }

  static long now(Session session) throws SQLException {
    return session.one(row -> row.number(1), "SELECT UNIX_TIMESTAMP()").orElse(0L);
  }

  @Override
  public Optional<String> host() {
    return transactions.single(session -> SettingRows.read(session, HOST).get(HOST));
  }

  @Override
  public boolean isPolicyOnly() {
    return transactions.single(
        session -> SettingRows.read(session, POLICY_ONLY).get(POLICY_ONLY).isPresent());
  }

  @Override
  public Status status() {
    return transactions.run(
        session -> {
          var counts = FsckCounts.update(session);
          var settings =
              SettingRows.read(session, HOST, POLICY_ONLY, POSITION, END, STARTED, STOPPED);
          return new Status(
              settings.get(HOST),
              settings.get(POLICY_ONLY).isPresent(),
              new Range(settings.number(POSITION), settings.number(END)),
              new Times(settings.number(STARTED), settings.number(STOPPED), now(session)),
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
    return transactions.single(
        session ->
            session.update(
                    "UPDATE server_settings SET value = ? WHERE field = ? AND value = ?",
                    to,
                    HOST,
                    from)
                == 1);
  }

  @Override
  public Injection inject(String host, int most, long longest) {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST, POSITION, END);
          if (!settings.get(HOST).equals(Optional.of(host))) {
            return Injection.NOT_OURS;
          }
          if (JdbcTodoStore.length(session, TodoStore.Kind.FSCK) >= longest) {
            return Injection.FULL;
          }
          long position = settings.number(POSITION);
          var next =
              session.list(
                  row -> row.fid(1),
                  "SELECT fid FROM file WHERE fid > ? AND fid <= ? ORDER BY fid LIMIT ?",
                  position,
                  settings.number(END),
                  most);
          if (next.isEmpty()) {
            settings.remove(HOST);
            settings.put(STOPPED, now(session));
            settings.put(POSITION, position);
            return Injection.FINISHED;
          }
          enqueue(session, next);
          settings.put(POSITION, next.getLast().value());
          return Injection.QUEUED;
        });
  }

  private static void enqueue(Session session, List<Fid> fids) throws SQLException {
    session.insertMany(
        "INSERT INTO file_to_queue (fid, type, nexttry) VALUES ??"
            + " ON DUPLICATE KEY UPDATE fid = fid",
        "(?, 1, UNIX_TIMESTAMP())",
        fids.stream().map(fid -> List.<Object>of(fid)).toList());
  }

  @Override
  public void checked(Collection<TodoStore.Queued> claimed) {
    if (claimed.isEmpty()) {
      return;
    }
    transactions.run(
        session -> {
          int done = JdbcTodoStore.done(session, TodoStore.Kind.FSCK, claimed);
          return session.update(
              "UPDATE server_settings SET value = CAST(value AS UNSIGNED) + ? WHERE field = ?",
              done,
              CHECKED);
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
    return true;
  }
}
