package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.MoveJob.Amount;
import io.hayloft.tracker.store.MoveJob.Counts;
import io.hayloft.tracker.store.MoveJob.Kind;
import io.hayloft.tracker.store.MoveJob.Position;
import io.hayloft.tracker.store.MoveJob.Scope;
import io.hayloft.tracker.store.MoveJob.Speed;
import io.hayloft.tracker.store.MoveJob.State;
import io.hayloft.tracker.store.MoveJob.Terms;
import io.hayloft.tracker.store.MoveJob.Times;
import io.hayloft.tracker.store.MoveJob.Trace;
import io.hayloft.tracker.store.MoveJobStore;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code hayloft_move_job}, and the devices that its jobs set to drain. */
final class JdbcMoveJobStore implements MoveJobStore {

  private static final String SELECT =
      "SELECT id, kind, devid, state, threshold_bp, rate, dmid, classid, position, pass,"
          + " files_moved, bytes_moved, files_kept, files_left, bytes_left,"
          + " CAST(files_rate * 1000 AS UNSIGNED), CAST(bytes_rate AS UNSIGNED),"
          + " started, changed, ended, UNIX_TIMESTAMP(), host, note FROM hayloft_move_job";

  private static final String ACTIVE = "state IN ('running', 'paused')";

  /** The width of the column. */
  private static final int LONGEST_NOTE = 2000;

  private static final double BASIS_POINTS = 100;
  private static final double MILLI = 1000;

  private final Transactions transactions;

  JdbcMoveJobStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Start start(Terms terms) {
    return transactions.run(
        session -> {
          // The lock of the settings' row: of two who find that there is no such job one is first.
          var settings =
              SettingRows.lock(session, JdbcRebalanceStore.HOST, JdbcRebalanceStore.FORMER);
          var active =
              session.one(
                  row -> row.number(1),
                  "SELECT id FROM hayloft_move_job WHERE " + ACTIVE + " AND kind = ? AND devid = ?",
                  terms.kind().wire(),
                  number(terms.device()));
          if (active.isPresent()) {
            return new Start.Running(active.get());
          }
          boolean isMoving = settings.get(JdbcRebalanceStore.HOST).isPresent();
          return switch (terms.kind()) {
            case EVEN ->
                isMoving
                    ? new Start.RebalanceRunning()
                    : new Start.Started(insert(session, terms, ""));
            case DRAIN -> {
              var device = terms.device().orElseThrow();
              yield isMoving && JdbcRebalanceStore.former(settings).containsKey(device)
                  ? new Start.RebalanceRunning()
                  : drain(session, terms, device);
            }
          };
        });
  }

  private static int number(Optional<DeviceId> device) {
    return device.map(DeviceId::value).orElse(0);
  }

  private static Start drain(Session session, Terms terms, DeviceId device) throws SQLException {
    var found =
        session.one(
            row -> row.text(1), "SELECT status FROM device WHERE devid = ? FOR UPDATE", device);
    if (found.isEmpty()) {
      return new Start.NoDevice();
    }
    // What is not known counts as down, as everywhere.
    var status = found.flatMap(DeviceStatus::named).orElse(DeviceStatus.DOWN);
    if (!status.readable()) {
      return new Start.Unusable(status);
    }
    session.update("UPDATE device SET status = 'drain' WHERE devid = ?", device);
    return new Start.Started(insert(session, terms, status.wire()));
  }

  private static MoveJob insert(Session session, Terms terms, String former) throws SQLException {
    long left =
        terms.device().isEmpty()
            ? 0
            : session
                .one(
                    row -> row.number(1),
                    "SELECT COUNT(*) FROM file_on WHERE devid = ?",
                    terms.device().get())
                .orElse(0L);
    long id =
        session.insertNumbered(
            "INSERT INTO hayloft_move_job (kind, devid, former, state, threshold_bp, rate, dmid,"
                + " classid, position, pass, files_moved, bytes_moved, files_kept, files_left,"
                + " bytes_left, files_rate, bytes_rate, started, changed, ended, host, note)"
                + " VALUES (?, ?, ?, 'running', ?, ?, ?, ?, 0, 1, 0, 0, 0, ?, 0, 0, 0,"
                + " UNIX_TIMESTAMP(), UNIX_TIMESTAMP(), 0, '', '')",
            terms.kind().wire(),
            number(terms.device()),
            former,
            Math.round(terms.thresholdPercent() * BASIS_POINTS),
            terms.bytesPerSecond(),
            terms.scope().domain().map(DomainId::value).orElse(0),
            terms.scope().fileClass().stream().mapToInt(ClassId::value).findFirst(),
            left);
    return find(session, id)
        .orElseThrow(() -> new IllegalStateException("a job that was just written is not there"));
  }

  private static Optional<MoveJob> find(Session session, long id) throws SQLException {
    return session.one(JdbcMoveJobStore::job, SELECT + " WHERE id = ?", id);
  }

  private static MoveJob job(Row row) throws SQLException {
    int domain = row.small(7);
    var fileClass = row.optionalSmall(8);
    var scope =
        domain == 0
            ? Scope.ALL
            : new Scope(
                Optional.of(new DomainId(domain)),
                fileClass.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ClassId(fileClass.getAsInt())));
    return new MoveJob(
        row.number(1),
        new Terms(
            Kind.named(row.text(2)).orElseThrow(() -> unknown("kind")),
            row.optionalDevice(3),
            row.small(5) / BASIS_POINTS,
            row.number(6),
            scope),
        State.named(row.text(4)).orElseThrow(() -> unknown("state")),
        new Counts(
            new Position(row.number(9), row.small(10)),
            new Amount(row.number(11), row.number(12)),
            row.number(13),
            new Amount(row.number(14), row.number(15)),
            new Speed((double) row.number(16) / MILLI, (double) row.number(17))),
        new Times(row.number(18), row.number(19), row.number(20), row.number(21)),
        new Trace(row.text(22), row.text(23)));
  }

  private static IllegalStateException unknown(String what) {
    return new IllegalStateException("a job of a " + what + " that this version does not know");
  }

  @Override
  public Optional<MoveJob> find(long id) {
    return transactions.single(session -> find(session, id));
  }

  @Override
  public List<MoveJob> latest(int limit) {
    return transactions.single(
        session ->
            session.list(
                JdbcMoveJobStore::job,
                SELECT + " ORDER BY " + ACTIVE + " DESC, id DESC LIMIT ?",
                limit));
  }

  @Override
  public List<MoveJob> running() {
    return transactions.single(
        session ->
            session.list(JdbcMoveJobStore::job, SELECT + " WHERE state = 'running' ORDER BY id"));
  }

  @Override
  public boolean hold(long id, boolean pause) {
    return transactions.single(
            session ->
                session.update(
                    "UPDATE hayloft_move_job SET state = ?, changed = UNIX_TIMESTAMP()"
                        + " WHERE id = ? AND "
                        + ACTIVE,
                    (pause ? State.PAUSED : State.RUNNING).wire(),
                    id))
        == 1;
  }

  @Override
  public boolean limit(long id, long bytesPerSecond) {
    return transactions.single(
            session ->
                session.update(
                    "UPDATE hayloft_move_job SET rate = ?, changed = UNIX_TIMESTAMP()"
                        + " WHERE id = ? AND "
                        + ACTIVE,
                    bytesPerSecond,
                    id))
        == 1;
  }

  @Override
  public boolean stop(long id) {
    return transactions.run(
        session -> {
          boolean stopped =
              session.update(
                      "UPDATE hayloft_move_job SET state = 'stopped', changed = UNIX_TIMESTAMP(),"
                          + " ended = UNIX_TIMESTAMP() WHERE id = ? AND "
                          + ACTIVE,
                      id)
                  == 1;
          if (stopped) {
            session.update(
                "UPDATE device d JOIN hayloft_move_job j ON j.devid = d.devid"
                    + " SET d.status = j.former"
                    + " WHERE j.id = ? AND j.kind = 'drain' AND d.status = 'drain'",
                id);
          }
          return stopped;
        });
  }

  @Override
  public boolean finish(long id, State how, String note) {
    if (!how.isOver()) {
      throw new IllegalArgumentException(how + " is no end");
    }
    return transactions.single(
            session ->
                session.update(
                    "UPDATE hayloft_move_job SET state = ?, changed = UNIX_TIMESTAMP(),"
                        + " ended = UNIX_TIMESTAMP(), bytes_left = 0, note = ? WHERE id = ? AND "
                        + ACTIVE,
                    how.wire(),
                    cut(note),
                    id))
        == 1;
  }

  /** Notes may have names in them that latin1 cannot say. */
  private static String cut(String note) {
    var sayable = note.replaceAll("[^\\x20-\\x7e]", "?");
    return sayable.length() <= LONGEST_NOTE ? sayable : sayable.substring(0, LONGEST_NOTE);
  }

  @Override
  public void advance(Advance advance) {
    var now = advance.now();
    transactions.single(
        session ->
            session.update(
                "UPDATE hayloft_move_job SET position = ?, pass = ?, files_moved = files_moved + ?,"
                    + " bytes_moved = bytes_moved + ?, files_kept = ?, files_left = ?,"
                    + " bytes_left = ?, files_rate = ? / 1000, bytes_rate = ?,"
                    + " changed = UNIX_TIMESTAMP(), host = ?, note = ? WHERE id = ?",
                now.position().fid(),
                now.position().pass(),
                now.moved().files(),
                now.moved().bytes(),
                now.filesKept(),
                Math.max(0, now.left().files()),
                Math.max(0, now.left().bytes()),
                Math.round(now.speed().files() * MILLI),
                Math.round(now.speed().bytes()),
                advance.host(),
                cut(advance.note()),
                advance.id()));
  }

  @Override
  public List<Candidate> filesOn(DeviceId device, long after, Scope scope, int limit) {
    var values = new ArrayList<Object>(List.of(device, after));
    var filter = new StringBuilder();
    scope
        .domain()
        .ifPresent(
            domain -> {
              filter.append(" AND f.dmid = ?");
              values.add(domain);
            });
    scope
        .fileClass()
        .ifPresent(
            fileClass -> {
              filter.append(" AND f.classid = ?");
              values.add(fileClass);
            });
    values.add(limit);
    return transactions.longSingle(
        session ->
            session.list(
                row -> new Candidate(row.fid(1), row.number(2)),
                "SELECT STRAIGHT_JOIN f.fid, f.length FROM file_on o JOIN file f ON f.fid = o.fid"
                    + " WHERE o.devid = ? AND o.fid > ?"
                    + filter
                    + " ORDER BY o.fid LIMIT ?",
                values.toArray()));
  }

  @Override
  public Remains remains(DeviceId device, long most) {
    return transactions.snapshot(
        session ->
            new Remains(
                session
                    .one(
                        row -> row.number(1),
                        "SELECT COUNT(*) FROM (SELECT fid FROM file_on WHERE devid = ? LIMIT ?) r",
                        device,
                        most)
                    .orElse(0L),
                session
                    .one(
                        row -> row.number(1),
                        "SELECT COUNT(*) FROM tempfile WHERE FIND_IN_SET(?, devids) > 0",
                        Integer.toString(device.value()))
                    .orElse(0L),
                session
                    .one(row -> row.text(1), "SELECT status FROM device WHERE devid = ?", device)
                    .map(text -> DeviceStatus.named(text).orElse(DeviceStatus.DOWN))));
  }

  @Override
  public long meanLength(DeviceId device, int sample) {
    return transactions.single(
        session ->
            session
                .one(
                    row -> row.number(1),
                    "SELECT COALESCE(CAST(AVG(length) AS UNSIGNED), 0) FROM"
                        + " (SELECT STRAIGHT_JOIN f.length FROM file_on o"
                        + " JOIN file f ON f.fid = o.fid WHERE o.devid = ? LIMIT ?) s",
                    device,
                    sample)
                .orElse(0L));
  }
}
