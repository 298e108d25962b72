package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.Hearer;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UploadStore;
import io.hayloft.tracker.store.group.Gathering;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Uploads, in the table {@code tempfile}. */
final class JdbcUploadStore implements UploadStore {

  private static final String COLUMNS = "fid, createtime, classid, dmid, dkey, devids";

  private static final Gathering.Room ROOM = new Gathering.Room(128, 2);

  private final Transactions transactions;
  private final DatabaseFacts.Lazy facts;
  private final FidSequence sequence;
  private final Gathering<Opening, Fid> openings;
  private final Gathering<Fid, Optional<Pending>> lookups;
  private final Gathering<Finished, Closing> closings;
  private final KeysAhead ahead;
  private final OpenedLately lately = new OpenedLately();

  JdbcUploadStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.facts = facts;
    this.sequence = new FidSequence(facts);
    this.openings = transactions.gathering(this::openAll, _ -> List.of(), ROOM);
    this.lookups = transactions.gathering(this::pendingAll, _ -> List.of(), ROOM);
    this.closings =
        transactions.gathering(
            this::closeAll, upload -> List.of(upload.file().fid(), upload.file().name()), ROOM);
    this.ahead = new KeysAhead(transactions, facts);
  }

  @Override
  public Optional<Fid> open(Opening opening, Optional<Fid> explicit) {
    if (explicit.isEmpty()) {
      return Optional.of(openings.ask(opening));
    }
    return transactions.run(
        session -> {
          var fid = sequence.explicit(session, opening, explicit.get());
          if (fid.isEmpty()) {
            session.rollbackOnly();
          }
          return fid;
        });
  }

  @Override
  public void open(Opening opening, Hearer<Fid> hearer) {
    openings.ask(opening, hearer);
  }

  List<Fid> openAll(List<Opening> requests) {
    var fids = transactions.single(session -> sequence.next(session, requests));
    for (int i = 0; i < fids.size(); i++) {
      lately.add(fids.get(i), Offer.of(requests.get(i)));
    }
    return fids;
  }

  @Override
  public Optional<Pending> pending(Fid fid) {
    return lookups.ask(fid);
  }

  private List<Optional<Pending>> pendingAll(List<Fid> fids) {
    var found = new HashMap<Fid, Pending>();
    transactions
        .single(
            session ->
                session.listMany(
                    JdbcUploadStore::pending,
                    "SELECT " + COLUMNS + " FROM tempfile WHERE fid IN (??)",
                    fids))
        .forEach(each -> found.put(each.fid(), each));
    return fids.stream().map(fid -> Optional.ofNullable(found.get(fid))).toList();
  }

  @Override
  public Optional<Offer> offered(Fid fid) {
    return lately.of(fid);
  }

  @Override
  public Closing close(Finished upload) {
    ahead.before(upload.file().name());
    return closings.ask(upload);
  }

  @Override
  public void close(Finished upload, Hearer<Closing> hearer) {
    ahead.before(upload.file().name(), () -> closings.ask(upload, hearer));
  }

  List<Closing> closeAll(List<Finished> uploads) {
    return closeUsual(uploads).orElseGet(() -> closeUnusual(uploads));
  }

  /** Empty where anything is unusual, and nothing was done. */
  private Optional<List<Closing>> closeUsual(List<Finished> uploads) {
    try {
      return transactions.run(
          session -> UploadBatches.closeUsual(session, facts.of(session), uploads),
          (ends, session) ->
              ends.isPresent() && UploadBatches.areFiles(session, uploads, ends.get()));
    } catch (StoreException e) {
      if (e.why() == StoreException.Cause.DUPLICATE && uploads.size() == 1) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<Closing> closeUnusual(List<Finished> uploads) {
    return transactions.run(
        session -> UploadBatches.close(session, facts.of(session), uploads),
        (ends, session) -> UploadBatches.areFiles(session, uploads, ends));
  }

  @Override
  public boolean abandon(Fid fid, DeviceId device) {
    return transactions.run(
        session -> {
          if (session.update("DELETE FROM tempfile WHERE fid = ?", fid) == 0) {
            return false;
          }
          discard(session, fid, List.of(device));
          return true;
        });
  }

  /** Bytes that a file stands for are never queued for deletion, whatever led here. */
  private static void discard(Session session, Fid fid, List<DeviceId> devices)
      throws SQLException {
    if (!session.exists("SELECT 1 FROM file WHERE fid = ?", fid)) {
      Queues.delete(session, List.of(fid));
      Queues.locate(session, fid, devices);
    }
  }

  private static void discard(Session session, List<Pending> uploads) throws SQLException {
    var files =
        new HashSet<>(
            session.listMany(
                row -> row.fid(1),
                "SELECT fid FROM file WHERE fid IN (??)",
                uploads.stream().map(Pending::fid).toList()));
    var bytes = uploads.stream().filter(each -> !files.contains(each.fid())).toList();
    Queues.delete(session, bytes.stream().map(Pending::fid).toList());
    Queues.locate(
        session,
        bytes.stream()
            .flatMap(
                each ->
                    each.opening().devices().stream()
                        .map(device -> new Queues.Location(each.fid(), device)))
            .toList());
  }

  /**
   * There is no index on the time, so only the lowest fids are looked at; they are the oldest. A
   * younger one among them, which can be in a cluster of databases, ends up at the front soon.
   */
  @Override
  public List<Pending> expired(Duration age, int limit) {
    return transactions.single(
        session ->
            session.list(
                JdbcUploadStore::pending,
                "SELECT "
                    + COLUMNS
                    + " FROM (SELECT "
                    + COLUMNS
                    + " FROM tempfile ORDER BY fid LIMIT ?) AS oldest"
                    + " WHERE createtime + ? <= UNIX_TIMESTAMP() ORDER BY fid",
                limit,
                Queues.seconds(age)));
  }

  @Override
  public void expire(List<Pending> uploads) {
    if (uploads.isEmpty()) {
      return;
    }
    var inOrder = uploads.stream().sorted(Comparator.comparing(Pending::fid)).toList();
    transactions.run(
        session -> {
          var open =
              new HashSet<>(
                  session.listMany(
                      row -> row.fid(1),
                      "SELECT fid FROM tempfile WHERE fid IN (??) FOR UPDATE",
                      inOrder.stream().map(Pending::fid).toList()));
          var ended = inOrder.stream().filter(each -> open.contains(each.fid())).toList();
          discard(session, ended);
          return session.updateMany(
              "DELETE FROM tempfile WHERE fid IN (??)", ended.stream().map(Pending::fid).toList());
        });
  }

  private static Pending pending(Row row) throws SQLException {
    var devices =
        Arrays.stream(row.text(6).split(",", -1))
            .map(String::strip)
            .filter(number -> number.matches("0*[1-9][0-9]{0,7}"))
            .map(number -> new DeviceId(Integer.parseInt(number)))
            .toList();
    var opening =
        new Opening(new DomainId(row.small(4)), new ClassId(row.small(3)), row.text(5), devices);
    return new Pending(row.fid(1), opening, row.number(2));
  }
}
