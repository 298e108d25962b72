package io.hayloft.tracker.store.jdbc;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.model.StoredFile.Name;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.FileStore.Rename;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requests about files, many of a kind in a few statements. What one transaction changes has
 * nothing in common, see {@link io.hayloft.tracker.store.group.Gathering}.
 *
 * <p>Where keys compare by a collation, two that differ may be the same to the database. Changes
 * are then made one after the other, each seeing what those before it did, and share no more than
 * their transaction.
 */
final class FileBatches {

  static final String LOCATE =
      "SELECT " + Row.FILE + ", o.devid FROM file f%s LEFT JOIN file_on o ON o.fid = f.fid WHERE ";

  private static final String NAMES = "(?, ?)";

  /** Copies of a file. */
  private static final int FEW = 4;

  private FileBatches() {}

  /** A file with one of its locations, if it has any. */
  record Location(StoredFile file, Optional<DeviceId> device) {

    static Location read(Row row) throws SQLException {
      return new Location(row.file(), row.optionalDevice(Row.FILE_COLUMNS + 1));
    }
  }

  /** Files and where they are, by the names that they were asked for; those that are none lack. */
  static Map<Name, Located> locate(Session session, DatabaseFacts facts, Collection<Name> names)
      throws SQLException {
    var found = new HashMap<Name, Located>();
    located(
            session.listRows(
                Location::read,
                LOCATE.formatted(facts.indexes().keys()) + "(f.dmid, f.dkey) IN (??)",
                NAMES,
                rows(names)))
        .values()
        .forEach(each -> found.put(each.file().name(), each));
    if (!facts.keysAreBytes()) {
      for (var name : names) {
        if (!found.containsKey(name)) {
          locate(session, name).ifPresent(each -> found.put(name, each));
        }
      }
    }
    return found;
  }

  private static Optional<Located> locate(Session session, Name name) throws SQLException {
    var rows =
        session.list(
            Location::read,
            LOCATE.formatted("") + "f.dmid = ? AND f.dkey = ?",
            name.domain(),
            name.key());
    return located(rows).values().stream().findFirst();
  }

  static Map<Fid, Located> located(List<Location> rows) {
    var files = new HashMap<Fid, Located>();
    for (var row : rows) {
      var found =
          files.computeIfAbsent(
              row.file().fid(), _ -> new Located(row.file(), new ArrayList<>(FEW)));
      row.device()
          .filter(device -> !found.devices().contains(device))
          .ifPresent(found.devices()::add);
    }
    files.replaceAll((_, found) -> new Located(found.file(), List.copyOf(found.devices())));
    return files;
  }

  /** What a name stands for; locked until the transaction ends. */
  record Stored(Fid fid, Name name) {

    static Stored read(Row row) throws SQLException {
      return new Stored(row.fid(1), new Name(new DomainId(row.small(2)), new Key(row.text(3))));
    }
  }

  /** What names stand for, where keys are bytes; those that stand for nothing lack. */
  static Map<Name, Stored> lock(Session session, DatabaseFacts facts, Collection<Name> names)
      throws SQLException {
    return byName(session.listRows(Stored::read, lock(facts), NAMES, rows(names)));
  }

  private static String lock(DatabaseFacts facts) {
    return "SELECT fid, dmid, dkey FROM file"
        + facts.indexes().keys()
        + " WHERE (dmid, dkey) IN (??) FOR UPDATE";
  }

  /** As {@link #lock(Session, DatabaseFacts, Collection)}, with other statements. */
  static Script.Step<List<Stored>> lock(
      Script script, DatabaseFacts facts, Collection<Name> names) {
    return script.list(Stored::read, lock(facts), NAMES, rows(names));
  }

  static Map<Name, Stored> byName(List<Stored> files) {
    return files.stream().collect(toMap(Stored::name, each -> each, (one, _) -> one));
  }

  /** What a name stands for, in whatever way the database compares keys. */
  static Optional<Stored> lock(Session session, Name name) throws SQLException {
    return session.one(
        Stored::read,
        "SELECT fid, dmid, dkey FROM file WHERE dmid = ? AND dkey = ? FOR UPDATE",
        name.domain(),
        name.key());
  }

  /**
   * Sees to it that names which could not be locked stand for nothing indeed. Who waits for the
   * lock on a name that is being overwritten gets nothing at times: the old row is gone by then,
   * and the new one is where it has looked already.
   */
  private static void areMissed(
      Session session, DatabaseFacts facts, List<Name> names, Map<Name, Stored> locked)
      throws SQLException {
    var missed = names.stream().filter(name -> !locked.containsKey(name)).toList();
    var found =
        session.listRows(
            Stored::read,
            "SELECT fid, dmid, dkey FROM file"
                + facts.indexes().keys()
                + " WHERE (dmid, dkey) IN (??)",
            NAMES,
            rows(missed));
    if (!found.isEmpty()) {
      throw LostRaceException.overwritten();
    }
  }

  /** What a name stands for, locked; empty when it stands for nothing indeed. */
  private static Optional<Stored> lockOrMiss(Session session, Name name) throws SQLException {
    var stored = lock(session, name);
    if (stored.isEmpty()
        && session.exists(
            "SELECT 1 FROM file WHERE dmid = ? AND dkey = ?", name.domain(), name.key())) {
      throw LostRaceException.overwritten();
    }
    return stored;
  }

  /** Removes names and queues what they stood for; the fids. */
  static List<Optional<Fid>> delete(Session session, DatabaseFacts facts, List<Name> names)
      throws SQLException {
    if (!facts.keysAreBytes() || names.size() == 1) {
      return oneByOne(names, name -> List.of(delete(session, name)));
    }
    var stored = lock(session, facts, names);
    areMissed(session, facts, names, stored);
    remove(session, stored.values());
    return names.stream()
        .map(name -> Optional.ofNullable(stored.get(name)).map(Stored::fid))
        .toList();
  }

  private static Optional<Fid> delete(Session session, Name name) throws SQLException {
    var stored = lockOrMiss(session, name);
    remove(session, stored.stream().toList());
    return stored.map(Stored::fid);
  }

  /** Removes files and queues their bytes for deletion. */
  static void remove(Session session, Collection<Stored> files) throws SQLException {
    if (files.isEmpty()) {
      return;
    }
    var fids = files.stream().map(Stored::fid).sorted().toList();
    session.updateMany("DELETE FROM file WHERE fid IN (??)", fids);
    files.forEach(file -> session.renamed(file.name()));
    Queues.delete(session, fids);
  }

  /** To give a file another key of its domain. */
  record Renaming(DomainId domain, Key from, Key to) {

    Name before() {
      return new Name(domain, from);
    }

    Name after() {
      return new Name(domain, to);
    }

    List<Name> names() {
      return List.of(before(), after());
    }
  }

  /**
   * How a renaming ended.
   *
   * @param moved the file that has another key now
   */
  record Renamed(Rename end, Optional<Fid> moved) {}

  /**
   * The unique index of the keys keeps it from overwriting. What came after the look fails the
   * whole batch, whose members are then renamed one by one.
   */
  static List<Renamed> rename(Session session, DatabaseFacts facts, List<Renaming> renamings)
      throws SQLException {
    if (!facts.keysAreBytes() || renamings.size() == 1) {
      return oneByOne(renamings, each -> List.of(rename(session, each)));
    }
    var names = renamings.stream().flatMap(each -> each.names().stream()).distinct().toList();
    var stored = lock(session, facts, names);
    areMissed(session, facts, renamings.stream().map(Renaming::before).toList(), stored);
    var ends = new ArrayList<Renamed>();
    var fids = new ArrayList<Object>();
    var keys = new ArrayList<Object>();
    for (var renaming : renamings) {
      var end = end(renaming, stored);
      if (end != Rename.RENAMED || renaming.from().equals(renaming.to())) {
        ends.add(new Renamed(end, Optional.empty()));
        continue;
      }
      var file = requireNonNull(stored.get(renaming.before()));
      fids.add(file.fid());
      keys.add(renaming.to());
      session.renamed(file.name());
      ends.add(new Renamed(end, Optional.of(file.fid())));
    }
    if (!fids.isEmpty()) {
      session.updateByColumns(
          "UPDATE file SET dkey = ELT(FIELD(fid, ??), ??) WHERE fid IN (??)",
          List.of(fids, keys, fids));
    }
    return ends;
  }

  /**
   * Whether renamings of which nobody knows the end did happen: each file shows its key, or the one
   * that the next of them gave it.
   */
  static boolean areRenamed(Session session, List<Renaming> renamings, List<Renamed> ends)
      throws SQLException {
    var expected = new HashMap<Fid, Name>();
    for (int i = 0; i < ends.size(); i++) {
      var after = renamings.get(i).after();
      ends.get(i).moved().ifPresent(fid -> expected.put(fid, after));
    }
    return areNamed(session, expected);
  }

  /** Whether all these files are there under these names; waits for those who change them. */
  static boolean areNamed(Session session, Map<Fid, Name> files) throws SQLException {
    var names = new HashMap<Fid, Name>();
    session
        .listMany(
            Stored::read,
            "SELECT fid, dmid, dkey FROM file WHERE fid IN (??) ORDER BY fid FOR UPDATE",
            files.keySet().stream().sorted().toList())
        .forEach(found -> names.put(found.fid(), found.name()));
    return names.equals(files);
  }

  private static Rename end(Renaming renaming, Map<Name, Stored> stored) {
    if (!stored.containsKey(renaming.before())) {
      return Rename.NO_SUCH_KEY;
    }
    return renaming.from().equals(renaming.to()) || !stored.containsKey(renaming.after())
        ? Rename.RENAMED
        : Rename.TARGET_EXISTS;
  }

  private static Renamed rename(Session session, Renaming renaming) throws SQLException {
    var stored = lockOrMiss(session, renaming.before());
    if (stored.isEmpty()) {
      return new Renamed(Rename.NO_SUCH_KEY, Optional.empty());
    }
    try {
      session.update("UPDATE file SET dkey = ? WHERE fid = ?", renaming.to(), stored.get().fid());
    } catch (SQLException e) {
      if (SqlFailure.isDuplicate(e)) {
        return new Renamed(Rename.TARGET_EXISTS, Optional.empty());
      }
      throw e;
    }
    session.renamed(stored.get().name());
    return new Renamed(Rename.RENAMED, stored.map(Stored::fid));
  }

  static List<List<Object>> rows(Collection<Name> names) {
    return names.stream().map(name -> List.<Object>of(name.domain(), name.key())).toList();
  }

  /** Something to be done with one request. */
  interface Single<Q, A> {
    List<A> with(Q request) throws SQLException;
  }

  static <Q, A> List<A> oneByOne(List<Q> requests, Single<Q, A> single) throws SQLException {
    var outcomes = new ArrayList<A>();
    for (var request : requests) {
      outcomes.addAll(single.with(request));
    }
    return outcomes;
  }
}
