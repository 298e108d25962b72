package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.TodoStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of a check and the tables {@code hayloft_fsck_run} and {@code _lost}. */
final class JdbcFsckRunStore implements FsckRunStore {

  /** More locations than this end a slice, so that rows without files cannot make it endless. */
  private static final int LOCATIONS_FOR_A_FILE = 8;

  private static final String RUN =
      "run, asked_by, host, takeovers, terms, outcome, started, scanned, ended,"
          + " UNIX_TIMESTAMP(), first_fid, last_fid, checked, stalled, lost, orphans_found,"
          + " orphans_adopted, orphans_quarantined, counted_log, events,"
          + " files_per_second * 1000, fids_per_second * 1000";

  private final Transactions transactions;

  JdbcFsckRunStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Stand> stand(String host) {
    return transactions.single(
        session -> {
          var settings =
              SettingRows.read(
                  session,
                  FsckSettings.HOST,
                  FsckSettings.POSITION,
                  FsckSettings.END,
                  FsckSettings.TERMS,
                  FsckSettings.POLICY_ONLY);
          if (!settings.get(FsckSettings.HOST).equals(Optional.of(host))) {
            return Optional.<Stand>empty();
          }
          return Optional.of(
              new Stand(
                  new FsckStore.Range(
                      settings.number(FsckSettings.POSITION), settings.number(FsckSettings.END)),
                  FsckSettings.terms(settings),
                  untried(session)));
        });
  }

  /** What was tried and did not answer does not keep the rest from being looked at. */
  private static long untried(Session session) throws SQLException {
    return session
        .one(
            row -> row.number(1),
            "SELECT COUNT(*) FROM file_to_queue WHERE type = ? AND failcount = 0",
            TodoStore.Kind.FSCK.number())
        .orElse(0L);
  }

  @Override
  public FsckSlice read(FsckStore.Range range, FsckTerms.Scope scope, Portion portion) {
    return transactions.longSingle(session -> read(session, range, scope, portion));
  }

  private static FsckSlice read(
      Session session, FsckStore.Range range, FsckTerms.Scope scope, Portion portion)
      throws SQLException {
    var builder = new FsckSlice.Builder(range.position(), portion.files());
    long upTo = readFiles(session, range, scope, portion, builder);
    int most = LOCATIONS_FOR_A_FILE * portion.files();
    session.each(
        row -> builder.location(row.number(1), row.small(2)),
        "SELECT fid, devid FROM file_on WHERE fid > ? AND fid <= ? ORDER BY fid, devid LIMIT ?",
        range.position(),
        upTo,
        most);
    if (builder.locations() == most) {
      // The last file may have more; there are others before it, since none has so many.
      upTo = builder.lastLocated() - 1;
    }
    if (portion.checksums()) {
      session.each(
          row -> {
            long fid = row.number(1);
            JdbcFileStore.checksum(row, 2).ifPresent(checksum -> builder.checksum(fid, checksum));
          },
          "SELECT fid, hashtype, checksum FROM checksum WHERE fid > ? AND fid <= ?",
          range.position(),
          upTo);
    }
    return builder.upTo(upTo);
  }

  /** Reads files, and tells how far: to the end where there are no more. */
  private static long readFiles(
      Session session,
      FsckStore.Range range,
      FsckTerms.Scope scope,
      Portion portion,
      FsckSlice.Builder builder)
      throws SQLException {
    var bounds = new Bounds(portion);
    session.each(
        row -> {
          if (!bounds.take(row.number(1), row.number(2) * Math.max(1, row.small(5)))) {
            return;
          }
          if (scope.has(row.small(3), row.small(4))) {
            builder.file(row.number(1), row.number(2), row.small(3), row.small(4), row.small(5));
          } else {
            builder.skip();
          }
        },
        "SELECT fid, length, dmid, classid, devcount FROM file WHERE fid > ? AND fid <= ?"
            + " ORDER BY fid LIMIT ?",
        range.position(),
        range.end(),
        portion.files());
    return bounds.isFull() ? bounds.last : range.end();
  }

  /** Where a slice ends: with so many files, or so many bytes. */
  private static final class Bounds {

    private final Portion portion;
    private int files;
    private long bytes;
    private long last;
    private boolean cut;

    Bounds(Portion portion) {
      this.portion = portion;
    }

    boolean take(long fid, long length) {
      cut |= files > 0 && bytes > portion.bytes() - length;
      if (!cut) {
        files++;
        bytes += length;
        last = fid;
      }
      return !cut;
    }

    boolean isFull() {
      return cut || files >= portion.files();
    }
  }

  @Override
  public boolean pass(String host, Passed passed, long longest) {
    return transactions.run(
        session -> {
          var settings =
              SettingRows.lock(
                  session, FsckSettings.HOST, FsckSettings.POSITION, FsckSettings.CHECKED);
          if (!settings.get(FsckSettings.HOST).equals(Optional.of(host))
              || settings.number(FsckSettings.POSITION) != passed.range().position()) {
            return false;
          }
          settings.put(FsckSettings.POSITION, passed.range().end());
          settings.put(FsckSettings.CHECKED, settings.number(FsckSettings.CHECKED) + passed.good());
          enqueue(session, passed.doubts());
          long free = longest - JdbcTodoStore.length(session, TodoStore.Kind.FSCK);
          int queued = Math.clamp(free, 0, passed.stalled().size());
          enqueue(
              session,
              passed.stalled().subList(0, queued).stream()
                  .map(fid -> new Doubt(fid, Optional.empty()))
                  .toList());
          count(session, passed, passed.stalled().size() - queued);
          return true;
        });
  }

  /** A row that is there already stays as it is, but for a device on which there is doubt. */
  private static void enqueue(Session session, List<Doubt> doubts) throws SQLException {
    session.insertMany(
        "INSERT INTO file_to_queue (fid, devid, type, nexttry) VALUES ??"
            + " ON DUPLICATE KEY UPDATE devid = COALESCE(devid, VALUES(devid))",
        "(?, ?, 1, UNIX_TIMESTAMP())",
        doubts.stream()
            .map(doubt -> List.<Object>of(doubt.fid(), doubt.device().map(DeviceId::value)))
            .toList());
  }

  private static void count(Session session, Passed passed, int unchecked) throws SQLException {
    session.update(
        "UPDATE hayloft_fsck_run SET checked = checked + ?, stalled = stalled + ?,"
            + " orphans_found = orphans_found + ?, orphans_adopted = orphans_adopted + ?,"
            + " orphans_quarantined = orphans_quarantined + ?, files_per_second = ?,"
            + " fids_per_second = ? WHERE ended = 0 AND outcome IS NULL",
        passed.good(),
        unchecked,
        passed.orphans().found(),
        passed.orphans().adopted(),
        passed.orphans().quarantined(),
        Double.toString(passed.speed().filesPerSecond()),
        Double.toString(passed.speed().fidsPerSecond()));
  }

  @Override
  public boolean finish(String host) {
    return transactions.run(
        session -> {
          var settings =
              SettingRows.lock(session, FsckSettings.HOST, FsckSettings.POSITION, FsckSettings.END);
          if (!settings.get(FsckSettings.HOST).equals(Optional.of(host))
              || settings.number(FsckSettings.POSITION) < settings.number(FsckSettings.END)) {
            return false;
          }
          settings.remove(FsckSettings.HOST);
          settings.put(FsckSettings.STOPPED, JdbcFsckStore.now(session));
          FsckRuns.scanned(session, "finished");
          return true;
        });
  }

  @Override
  public void settle() {
    boolean open =
        transactions.single(
            session ->
                session.exists(
                    "SELECT 1 FROM hayloft_fsck_run WHERE ended = 0 AND outcome IS NOT NULL"));
    if (open) {
      transactions.run(
          session -> {
            var _ = SettingRows.lock(session, FsckSettings.HOST);
            FsckRuns.settle(session);
            return true;
          });
    }
  }

  @Override
  public FsckStore.Start startDue(String host, FsckTerms terms, Due due) {
    return transactions.run(
        session -> {
          var name = FsckSettings.seenTo(due.name());
          var settings = SettingRows.lock(session, name);
          if (seenTo(settings, due).filter(at -> at < due.at()).isEmpty()) {
            return FsckStore.Start.FSCK_RUNNING;
          }
          var start = FsckSettings.startFromTheFirst(session, host, due.name(), terms);
          if (start == FsckStore.Start.STARTED) {
            settings.put(name, seen(due));
          }
          return start;
        });
  }

  /** Empty when the schedule said something else then. */
  private static Optional<Long> seenTo(SettingRows settings, Due due) {
    var parts = settings.get(FsckSettings.seenTo(due.name())).orElse("").split(" ", 2);
    return parts.length == 2 && parts[0].matches("[0-9]{1,18}") && parts[1].equals(due.text())
        ? Optional.of(Long.valueOf(parts[0]))
        : Optional.empty();
  }

  private static String seen(Due due) {
    return due.at() + " " + due.text();
  }

  @Override
  public long seenTo(Due due) {
    var seen =
        transactions.single(
            session -> seenTo(SettingRows.read(session, FsckSettings.seenTo(due.name())), due));
    if (seen.isEmpty()) {
      skip(due);
    }
    return seen.orElse(due.at());
  }

  @Override
  public void skip(Due due) {
    transactions.run(
        session -> {
          var name = FsckSettings.seenTo(due.name());
          var settings = SettingRows.lock(session, name);
          if (seenTo(settings, due).filter(at -> at >= due.at()).isEmpty()) {
            settings.put(name, seen(due));
          }
          return true;
        });
  }

  @Override
  public List<Run> runs(int most) {
    return transactions.single(
        session ->
            withEvents(
                session,
                session.list(
                    JdbcFsckRunStore::listed,
                    "SELECT " + RUN + " FROM hayloft_fsck_run ORDER BY run DESC LIMIT ?",
                    most)));
  }

  @Override
  public Optional<Run> run(long number) {
    return transactions.single(
        session ->
            withEvents(
                    session,
                    session.list(
                        JdbcFsckRunStore::listed,
                        "SELECT " + RUN + " FROM hayloft_fsck_run WHERE run = ?",
                        number))
                .stream()
                .findFirst());
  }

  /** A row, and from where in the log on its events are still to be counted. */
  private record Listed(Run run, long countedLog, String events) {}

  private static Listed listed(Row row) throws SQLException {
    var tally =
        new Tally(
            row.number(13),
            row.number(14),
            row.number(15),
            new Orphans(row.number(16), row.number(17), row.number(18)),
            FsckRuns.parse(row.text(20)));
    var run =
        new Run(
            row.number(1),
            new Origin(row.text(2), row.text(3), row.number(4), FsckTerms.parse(row.text(5))),
            row.optionalText(6)
                .map(outcome -> outcome.equals("stopped") ? Outcome.STOPPED : Outcome.FINISHED),
            new RunTimes(row.number(7), row.number(8), row.number(9), row.number(10)),
            new Progress(
                new FsckStore.Range(row.number(11), row.number(12)),
                new Speed(row.number(21) / 1000.0, row.number(22) / 1000.0)),
            tally);
    return new Listed(run, row.number(19), row.text(20));
  }

  private static List<Run> withEvents(Session session, List<Listed> rows) throws SQLException {
    var runs = new ArrayList<Run>();
    for (var each : rows) {
      var run = each.run();
      if (run.isClosed()) {
        runs.add(run);
        continue;
      }
      var tally = run.tally();
      runs.add(
          new Run(
              run.number(),
              run.origin(),
              run.outcome(),
              run.times(),
              run.progress(),
              new Tally(
                  tally.checked(),
                  tally.stalled(),
                  tally.lost(),
                  tally.orphans(),
                  FsckRuns.events(session, each.countedLog(), each.events()))));
    }
    return runs;
  }

  @Override
  public List<Lost> lost(long run, long after, int most) {
    return transactions.single(
        session ->
            session.list(
                row -> new Lost(row.fid(1), row.text(2), row.text(3)),
                "SELECT fid, namespace, dkey FROM hayloft_fsck_lost WHERE run = ? AND fid > ?"
                    + " ORDER BY fid LIMIT ?",
                run,
                after,
                most));
  }

  @Override
  public Map<Fid, Claims> claims(Collection<Fid> fids) {
    return transactions.snapshot(session -> claims(session, fids));
  }

  private static Map<Fid, Claims> claims(Session session, Collection<Fid> fids)
      throws SQLException {
    var files = new HashMap<Fid, StoredFile>();
    session
        .listMany(Row::file, "SELECT " + Row.FILE + " FROM file f WHERE f.fid IN (??)", fids)
        .forEach(file -> files.put(file.fid(), file));
    Map<Fid, Set<DeviceId>> on =
        session
            .listMany(
                row -> Map.entry(row.fid(1), row.device(2)),
                "SELECT fid, devid FROM file_on WHERE fid IN (??)",
                fids)
            .stream()
            .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toSet())));
    var kept = new HashSet<Fid>();
    for (var table :
        List.of("tempfile", "file_to_delete2", "file_to_delete", "file_to_delete_later")) {
      kept.addAll(
          session.listMany(
              row -> row.fid(1), "SELECT fid FROM " + table + " WHERE fid IN (??)", fids));
    }
    var claims = new HashMap<Fid, Claims>();
    for (var fid : fids) {
      claims.put(
          fid,
          new Claims(
              Optional.ofNullable(files.get(fid)),
              on.getOrDefault(fid, Set.of()),
              kept.contains(fid)));
    }
    return claims;
  }
}
