package io.hayloft.tracker.store.jdbc;

import static java.util.Objects.requireNonNull;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UploadStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Uploads, in the table {@code tempfile}. */
final class JdbcUploadStore implements UploadStore {

  private static final String COLUMNS = "fid, createtime, classid, dmid, dkey, devids";

  private final Transactions transactions;
  private final FidSequence sequence;

  JdbcUploadStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.sequence = new FidSequence(facts);
  }

  @Override
  public Optional<Fid> open(Opening opening, Optional<Fid> explicit) {
    if (explicit.isEmpty()) {
      return transactions.single(session -> Optional.of(sequence.next(session, opening)));
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
  public Optional<Pending> pending(Fid fid) {
    return transactions.single(
        session ->
            session.one(
                JdbcUploadStore::pending,
                "SELECT " + COLUMNS + " FROM tempfile WHERE fid = ?",
                fid));
  }

  /**
   * The upload's row is deleted first: that lock makes the closings of one upload take turns. Two
   * uploads that are closed under one key meet at its unique index.
   */
  @Override
  public Closing close(Finished upload) {
    var last = new AtomicReference<Closing>(new Closing.NotOpen());
    try {
      return transactions.run(
          session -> {
            var closing = close(session, upload);
            if (!(closing instanceof Closing.Closed)) {
              session.rollbackOnly();
            }
            last.set(closing);
            return closing;
          });
    } catch (StoreException e) {
      if (e.getCause() instanceof UnknownCommitException && isFile(upload)) {
        return requireNonNull(last.get());
      }
      throw e;
    }
  }

  private static Closing close(Session session, Finished upload) throws SQLException {
    var file = upload.file();
    if (session.update("DELETE FROM tempfile WHERE fid = ?", file.fid()) == 0) {
      return new Closing.NotOpen();
    }
    if (session.exists(
        "SELECT 1 FROM device WHERE devid = ? AND status = 'dead'", upload.device())) {
      return new Closing.DeviceDead();
    }
    var replaced =
        JdbcFileStore.lock(session, file.domain(), file.key()).map(JdbcFileStore.Stored::fid);
    if (replaced.equals(Optional.of(file.fid()))) {
      return new Closing.FidExists();
    }
    if (replaced.isPresent()) {
      JdbcFileStore.delete(session, replaced.get());
    }
    try {
      session.update(
          "INSERT INTO file (fid, dmid, dkey, length, classid, devcount) VALUES (?, ?, ?, ?, ?, 1)",
          file.fid(),
          file.domain(),
          file.key(),
          file.length(),
          file.fileClass());
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicate(e)) {
        throw e;
      }
      if (session.exists("SELECT 1 FROM file WHERE fid = ?", file.fid())) {
        return new Closing.FidExists();
      }
      throw new LostRaceException("another upload was closed under the same key", e);
    }
    Queues.locate(session, file.fid(), List.of(upload.device()));
    if (upload.checksum().isPresent()) {
      var checksum = upload.checksum().get();
      session.update(
          "REPLACE INTO checksum (fid, hashtype, checksum) VALUES (?, ?, ?)",
          file.fid(),
          checksum.algorithm().number(),
          checksum.digest());
    }
    Queues.replicateNow(session, file.fid());
    return new Closing.Closed(replaced);
  }

  /** Whether a closing of which nobody knows the end did happen. */
  private boolean isFile(Finished upload) {
    var file = upload.file();
    return transactions.single(
        session ->
            session.exists(
                "SELECT 1 FROM file WHERE fid = ? AND dmid = ? AND dkey = ?",
                file.fid(),
                file.domain(),
                file.key()));
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
