package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.toSet;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.StoredFile.Name;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.jdbc.FileBatches.Stored;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Closes uploads, many in one transaction, of which no two are of one fid or under one key.
 *
 * <p>The rows of the uploads are locked first, in the order of their numbers, by deleting them or
 * by looking: that makes closings of one upload take turns. Two uploads that are closed under one
 * key, through different trackers, meet at its unique index.
 */
final class UploadBatches {

  /**
   * Of many numbers and a small table a server thinks that reading all of it is cheaper, and would
   * then wait for whoever is opening uploads or closing others. Only a deletion from several tables
   * takes a hint.
   */
  private static final String DELETE =
      "DELETE t FROM tempfile t FORCE INDEX (PRIMARY) WHERE t.fid IN (??)";

  private static final String DEAD = "SELECT devid FROM device WHERE status = 'dead'";

  private static final String INSERT =
      "INSERT INTO file (fid, dmid, dkey, length, classid, devcount) VALUES ??";

  private static final String ROW = "(?, ?, ?, ?, ?, 1)";

  /** Of a new fid no digest counts but its own. */
  private static final String KEEP = "REPLACE INTO checksum (fid, hashtype, checksum) VALUES ??";

  private UploadBatches() {}

  /**
   * Closes uploads as they mostly are: all of them open, on devices that are not dead, under keys
   * that stand for other files or none. Deleting their rows tells that they are open. All that is
   * looked at is asked for together, and all that is written is sent with the commit, so a file of
   * one of the fids that is there already is not heard of here.
   *
   * @return empty where anything is unusual: then nothing of the transaction stays, and they are to
   *     be closed by {@link #close}
   */
  static Optional<List<Closing>> closeUsual(
      Session session, DatabaseFacts facts, List<Finished> uploads) throws SQLException {
    if (!facts.keysAreBytes()) {
      return Optional.of(close(session, facts, uploads));
    }
    var inOrder = new ArrayList<>(uploads);
    inOrder.sort(Comparator.comparing(each -> each.file().fid()));
    var look = new Script();
    var deleted = look.update(DELETE, "?", fids(inOrder));
    var dead = look.list(row -> row.device(1), DEAD);
    var locked =
        FileBatches.lock(look, facts, uploads.stream().map(each -> each.file().name()).toList());
    session.run(look);
    if (deleted.outcome() < uploads.size()) {
      return unusual(session);
    }
    var stored = FileBatches.byName(locked.outcome());
    var open = inOrder.stream().map(each -> each.file().fid()).collect(toSet());
    var dying = Set.copyOf(dead.outcome());
    var ends = uploads.stream().map(each -> end(each, open, dying, stored)).toList();
    if (!ends.stream().allMatch(Closing.Closed.class::isInstance)) {
      return unusual(session);
    }
    FileBatches.remove(session, List.copyOf(stored.values()));
    session.later(insertion(inOrder));
    return Optional.of(ends);
  }

  private static List<List<Object>> fids(List<Finished> uploads) {
    return uploads.stream().map(each -> List.<Object>of(each.file().fid())).toList();
  }

  private static Script insertion(List<Finished> uploads) {
    return new Script()
        .addEach(INSERT, ROW, uploads.stream().map(UploadBatches::row).toList())
        .addEach(
            Queues.LOCATE,
            "(?, ?)",
            uploads.stream()
                .map(each -> List.<Object>of(each.file().fid(), each.device()))
                .toList())
        .addEach(KEEP, "(?, ?, ?)", digests(uploads))
        .addEach(Queues.REPLICATE_NOW, "(?, 0)", fids(uploads));
  }

  private static Optional<List<Closing>> unusual(Session session) {
    session.rollbackOnly();
    return Optional.empty();
  }

  /** Closes those that may be closed, and tells of each of the others why not. */
  static List<Closing> close(Session session, DatabaseFacts facts, List<Finished> uploads)
      throws SQLException {
    boolean alone = uploads.size() == 1;
    return facts.keysAreBytes() || alone
        ? close(session, facts, uploads, alone)
        : FileBatches.oneByOne(uploads, each -> close(session, facts, List.of(each), alone));
  }

  /**
   * @param alone whether nothing else is done in this transaction
   */
  private static List<Closing> close(
      Session session, DatabaseFacts facts, List<Finished> uploads, boolean alone)
      throws SQLException {
    var open = open(session, uploads);
    var dead = dead(session);
    var stored = stored(session, facts, uploads);
    var ends = new ArrayList<Closing>();
    var closed = new ArrayList<Finished>();
    var replaced = new ArrayList<Stored>();
    for (var upload : uploads) {
      var end = end(upload, open, dead, stored);
      ends.add(end);
      if (end instanceof Closing.Closed) {
        closed.add(upload);
        Optional.ofNullable(stored.get(upload.file().name())).ifPresent(replaced::add);
      }
    }
    if (!closed.isEmpty()) {
      closed.sort(Comparator.comparing(each -> each.file().fid()));
      session.updateMany(DELETE, closed.stream().map(each -> each.file().fid()).toList());
      FileBatches.remove(session, replaced);
      if (!insert(session, closed, alone)) {
        return List.of(new Closing.FidExists());
      }
    }
    return ends;
  }

  private static Set<Fid> open(Session session, List<Finished> uploads) throws SQLException {
    return new HashSet<>(
        session.listMany(
            row -> row.fid(1),
            "SELECT fid FROM tempfile FORCE INDEX (PRIMARY) WHERE fid IN (??) ORDER BY fid FOR"
                + " UPDATE",
            uploads.stream().map(each -> each.file().fid()).sorted().toList()));
  }

  private static Set<DeviceId> dead(Session session) throws SQLException {
    return new HashSet<>(session.list(row -> row.device(1), DEAD));
  }

  /** What the keys stand for until now, by the names of the uploads. */
  private static Map<Name, Stored> stored(
      Session session, DatabaseFacts facts, List<Finished> uploads) throws SQLException {
    if (facts.keysAreBytes()) {
      return FileBatches.lock(
          session, facts, uploads.stream().map(each -> each.file().name()).toList());
    }
    var stored = new HashMap<Name, Stored>();
    for (var upload : uploads) {
      var name = upload.file().name();
      FileBatches.lock(session, name).ifPresent(found -> stored.put(name, found));
    }
    return stored;
  }

  private static Closing end(
      Finished upload, Set<Fid> open, Set<DeviceId> dead, Map<Name, Stored> stored) {
    var fid = upload.file().fid();
    if (!open.contains(fid)) {
      return new Closing.NotOpen();
    }
    if (dead.contains(upload.device())) {
      return new Closing.DeviceDead();
    }
    var replaced = Optional.ofNullable(stored.get(upload.file().name())).map(Stored::fid);
    return replaced.equals(Optional.of(fid))
        ? new Closing.FidExists()
        : new Closing.Closed(replaced);
  }

  /**
   * False when there is a file of that fid, which is told of an upload alone only, because it
   * undoes the whole transaction: one among many fails them all, and they are closed one by one.
   */
  private static boolean insert(Session session, List<Finished> uploads, boolean alone)
      throws SQLException {
    try {
      session.insertEach(INSERT, ROW, uploads.stream().map(UploadBatches::row).toList());
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicate(e) || !alone) {
        throw e;
      }
      var fid = uploads.getFirst().file().fid();
      if (session.exists("SELECT 1 FROM file WHERE fid = ?", fid)) {
        session.rollbackOnly();
        return false;
      }
      throw new LostRaceException("another upload was closed under the same key", e);
    }
    Queues.locate(
        session,
        uploads.stream()
            .map(each -> new Queues.Location(each.file().fid(), each.device()))
            .toList());
    session.insertMany(KEEP, "(?, ?, ?)", digests(uploads));
    Queues.replicateNow(session, uploads.stream().map(each -> each.file().fid()).toList());
    return true;
  }

  private static List<Object> row(Finished upload) {
    var file = upload.file();
    return List.of(file.fid(), file.domain(), file.key(), file.length(), file.fileClass());
  }

  private static List<List<Object>> digests(List<Finished> uploads) {
    return uploads.stream()
        .flatMap(
            each ->
                each.checksum().stream()
                    .map(
                        sum ->
                            List.<Object>of(
                                each.file().fid(), sum.algorithm().number(), sum.digest())))
        .toList();
  }

  /**
   * Whether closings of which nobody knows the end did happen: each shows by its file, unless the
   * next of them replaced that. One that shows does not stand for the others: it may have been
   * closed through another tracker after all were undone. The server may be about it still, and
   * then their rows are locked, which is waited for.
   */
  static boolean areFiles(Session session, List<Finished> uploads, List<Closing> ends)
      throws SQLException {
    var _ = open(session, uploads);
    var expected = new HashMap<Fid, Name>();
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i) instanceof Closing.Closed closed) {
        closed.replaced().ifPresent(expected::remove);
        var file = uploads.get(i).file();
        expected.put(file.fid(), file.name());
      }
    }
    return FileBatches.areNamed(session, expected);
  }
}
