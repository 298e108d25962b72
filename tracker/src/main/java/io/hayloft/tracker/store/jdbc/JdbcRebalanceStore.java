package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.joining;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.store.RebalanceStore;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The settings that begin with {@code rebal_}, and what a round changes. */
final class JdbcRebalanceStore implements RebalanceStore {

  static final String HOST = "rebal_host";

  private static final String POLICY = "rebal_policy";
  private static final String STATE = "rebal_state";
  private static final String SIGNAL = "rebal_signal";

  /** Ours: {@code 3=alive,4=drain}. Not in the state, whose words the original's tools know. */
  static final String FORMER = "hayloft_rebal_former";

  private final Transactions transactions;

  JdbcRebalanceStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public boolean setPolicy(String policy) {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST);
          if (settings.get(HOST).isPresent()) {
            return false;
          }
          settings.put(POLICY, policy);
          settings.remove(STATE);
          return true;
        });
  }

  @Override
  public Start start(String host, FirstState firstState) {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST, FsckSettings.HOST, STATE, POLICY);
          if (settings.get(HOST).isPresent()) {
            return new Start.RebalanceRunning();
          }
          if (settings.get(FsckSettings.HOST).isPresent()) {
            return new Start.FsckRunning();
          }
          long now = JdbcFsckStore.now(session);
          var state =
              settings
                  .get(STATE)
                  .or(() -> settings.get(POLICY).map(policy -> firstState.of(policy, now)));
          if (state.isEmpty()) {
            return new Start.NoPolicy();
          }
          settings.put(STATE, state.get());
          // A signal that nobody was there to hear is not for this run.
          settings.remove(SIGNAL);
          settings.put(HOST, host);
          return new Start.Started(state.get());
        });
  }

  @Override
  public boolean stop() {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST);
          if (settings.get(HOST).isEmpty()) {
            return false;
          }
          settings.put(SIGNAL, "stop");
          return true;
        });
  }

  @Override
  public boolean reset() {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST);
          if (settings.get(HOST).isPresent()) {
            return false;
          }
          settings.remove(STATE);
          return true;
        });
  }

  @Override
  public Status status() {
    return transactions.snapshot(
        session -> {
          var settings = SettingRows.read(session, HOST, SIGNAL, POLICY, STATE, FORMER);
          return new Status(
              settings.get(HOST),
              settings.get(SIGNAL).equals(Optional.of("stop")),
              settings.get(POLICY),
              settings.get(STATE),
              former(settings),
              JdbcFsckStore.now(session));
        });
  }

  static Map<DeviceId, DeviceStatus> former(SettingRows settings) {
    var former = new TreeMap<DeviceId, DeviceStatus>();
    Arrays.stream(settings.get(FORMER).orElse("").split(","))
        .map(word -> word.split("=", 2))
        .filter(word -> word.length == 2 && word[0].matches("[1-9][0-9]{0,6}"))
        .forEach(
            word ->
                DeviceStatus.named(word[1])
                    .ifPresent(
                        status -> former.put(new DeviceId(Integer.parseInt(word[0])), status)));
    return former;
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
  public List<Candidate> candidates(DeviceId device, long after, boolean newestFirst, int limit) {
    var range =
        newestFirst
            ? (after > 0 ? " AND o.fid < ?" : " AND o.fid > ?") + " ORDER BY o.fid DESC"
            : " AND o.fid > ? ORDER BY o.fid";
    return transactions.single(
        session ->
            session.list(
                row -> new Candidate(row.fid(1), row.number(2)),
                "SELECT STRAIGHT_JOIN f.fid, f.length FROM file_on o JOIN file f ON f.fid = o.fid"
                    + " WHERE o.devid = ?"
                    + range
                    + " LIMIT ?",
                device,
                after,
                limit));
  }

  @Override
  public boolean advance(String host, Round round) {
    return transactions.run(
        session -> {
          var settings = SettingRows.lock(session, HOST, STATE, FORMER);
          if (!settings.get(HOST).equals(Optional.of(host))
              || !settings.get(STATE).equals(Optional.of(round.before()))) {
            return false;
          }
          enqueue(session, round.moves());
          var former = former(settings);
          for (var change : round.changes()) {
            apply(session, former, change);
          }
          settings.put(STATE, round.after());
          write(settings, former);
          if (round.ends()) {
            settings.remove(HOST, SIGNAL);
          }
          return true;
        });
  }

  private static void enqueue(Session session, List<Move> moves) throws SQLException {
    session.insertMany(
        "INSERT INTO file_to_queue (fid, devid, type, nexttry, arg) VALUES ??"
            + " ON DUPLICATE KEY UPDATE fid = fid",
        "(?, ?, 2, UNIX_TIMESTAMP(), ?)",
        moves.stream()
            .map(
                move ->
                    List.<Object>of(move.fid(), move.from(), JdbcTodoStore.text(move.targets())))
            .toList());
  }

  /** What a device was before is written down in the transaction that changes it. */
  private static void apply(Session session, Map<DeviceId, DeviceStatus> former, Change change)
      throws SQLException {
    switch (change) {
      case Change.Drain(var device) -> {
        var was =
            session
                .one(
                    row -> row.text(1),
                    "SELECT status FROM device WHERE devid = ? FOR UPDATE",
                    device)
                .flatMap(DeviceStatus::named)
                .filter(DeviceStatus::deletable);
        if (was.isPresent()) {
          former.putIfAbsent(device, was.get());
          session.update("UPDATE device SET status = 'drain' WHERE devid = ?", device);
        }
      }
      case Change.Restore(var device) -> {
        var was = former.remove(device);
        if (was != null) {
          session.update(
              "UPDATE device SET status = ? WHERE devid = ? AND status = 'drain'",
              was.wire(),
              device);
        }
      }
      case Change.Leave(var device) -> former.remove(device);
    }
  }

  private static void write(SettingRows settings, Map<DeviceId, DeviceStatus> former)
      throws SQLException {
    if (former.isEmpty()) {
      settings.remove(FORMER);
    } else {
      settings.put(
          FORMER,
          former.entrySet().stream()
              .map(each -> each.getKey() + "=" + each.getValue().wire())
              .collect(joining(",")));
    }
  }
}
