package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FileRows;
import io.hayloft.tracker.store.FileStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files, in the tables {@code file}, {@code file_on} and {@code checksum}. */
final class JdbcFileStore implements FileStore {

  private static final String LOCATE =
      "SELECT " + Row.FILE + ", o.devid FROM file f LEFT JOIN file_on o ON o.fid = f.fid WHERE ";

  private final Transactions transactions;
  private final KeyListing listing;

  JdbcFileStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.listing = new KeyListing(facts);
  }

  @Override
  public Optional<StoredFile> find(DomainId domain, Key key) {
    return transactions.single(
        session ->
            session.one(
                Row::file,
                "SELECT " + Row.FILE + " FROM file f WHERE f.dmid = ? AND f.dkey = ?",
                domain,
                key));
  }

  @Override
  public Optional<StoredFile> find(Fid fid) {
    return transactions.single(
        session ->
            session.one(Row::file, "SELECT " + Row.FILE + " FROM file f WHERE f.fid = ?", fid));
  }

  /** A file with one of its locations, if it has any. */
  private record Location(StoredFile file, Optional<DeviceId> device) {

    static Location read(Row row) throws SQLException {
      return new Location(row.file(), row.optionalDevice(Row.FILE_COLUMNS + 1));
    }
  }

  @Override
  public Optional<Located> locate(DomainId domain, Key key) {
    var rows =
        transactions.single(
            session ->
                session.list(Location::read, LOCATE + "f.dmid = ? AND f.dkey = ?", domain, key));
    return located(rows).values().stream().findFirst();
  }

  @Override
  public Map<Fid, Located> locate(Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return Map.of();
    }
    return located(
        transactions.single(
            session -> session.listMany(Location::read, LOCATE + "f.fid IN (??)", fids)));
  }

  private static Map<Fid, Located> located(List<Location> rows) {
    var devices = new LinkedHashMap<StoredFile, List<DeviceId>>();
    for (var row : rows) {
      var found = devices.computeIfAbsent(row.file(), file -> new ArrayList<>());
      row.device().filter(device -> !found.contains(device)).ifPresent(found::add);
    }
    var files = new HashMap<Fid, Located>();
    devices.forEach((file, on) -> files.put(file.fid(), new Located(file, List.copyOf(on))));
    return files;
  }

  @Override
  public List<DeviceId> devices(Fid fid) {
    return transactions.single(
        session ->
            session.list(
                row -> row.device(1),
                "SELECT devid FROM file_on WHERE fid = ? ORDER BY devid",
                fid));
  }

  @Override
  public Map<Fid, Checksum> checksums(Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return Map.of();
    }
    var checksums = new HashMap<Fid, Checksum>();
    transactions
        .single(
            session ->
                session.listMany(
                    row -> Map.entry(row.fid(1), checksum(row, 2)),
                    "SELECT fid, hashtype, checksum FROM checksum WHERE fid IN (??)",
                    fids))
        .forEach(found -> found.getValue().ifPresent(sum -> checksums.put(found.getKey(), sum)));
    return checksums;
  }

  /** Empty for a digest that no algorithm we know makes. */
  static Optional<Checksum> checksum(Row row, int column) throws SQLException {
    var digest = row.bytes(column + 1);
    return HashAlgorithm.numbered(row.small(column))
        .flatMap(
            algorithm ->
                digest
                    .filter(bytes -> bytes.length == algorithm.length())
                    .map(bytes -> Checksum.of(algorithm, bytes)));
  }

  @Override
  public List<Key> listKeys(DomainId domain, String prefix, String after, int limit) {
    return transactions.longSingle(
        session -> listing.list(session, domain, new KeyListing.Range(prefix, after, limit)));
  }

  @Override
  public List<StoredFile> listFids(long after, int limit) {
    return transactions.single(
        session ->
            session.list(
                Row::file,
                "SELECT " + Row.FILE + " FROM file f WHERE f.fid > ? ORDER BY f.fid LIMIT ?",
                after,
                limit));
  }

  @Override
  public boolean delete(DomainId domain, Key key) {
    return transactions.run(
        session -> {
          var stored = lock(session, domain, key);
          return stored.isPresent() && delete(session, stored.get().fid());
        });
  }

  /** Removes the name of a fid and queues its bytes for deletion; false when it has none. */
  static boolean delete(Session session, Fid fid) throws SQLException {
    var name =
        session.one(
            row -> new StoredFile.Name(new DomainId(row.small(1)), new Key(row.text(2))),
            "SELECT dmid, dkey FROM file WHERE fid = ? FOR UPDATE",
            fid);
    if (name.isEmpty()) {
      return false;
    }
    session.update("DELETE FROM file WHERE fid = ?", fid);
    session.renamed(name.get());
    Queues.delete(session, List.of(fid));
    return true;
  }

  /** A file's fid, and its key as it was stored, where some databases find it by others too. */
  record Stored(Fid fid, Key key) {}

  /** Finds a file and locks its row until the transaction ends. */
  static Optional<Stored> lock(Session session, DomainId domain, Key key) throws SQLException {
    return session.one(
        row -> new Stored(row.fid(1), new Key(row.text(2))),
        "SELECT fid, dkey FROM file WHERE dmid = ? AND dkey = ? FOR UPDATE",
        domain,
        key);
  }

  @Override
  public boolean delete(Fid fid) {
    return transactions.run(session -> delete(session, fid));
  }

  /** The unique index of the keys keeps it from overwriting. */
  @Override
  public Rename rename(DomainId domain, Key from, Key to) {
    return transactions.run(
        session -> {
          var stored = lock(session, domain, from);
          if (stored.isEmpty()) {
            return Rename.NO_SUCH_KEY;
          }
          try {
            session.update("UPDATE file SET dkey = ? WHERE fid = ?", to, stored.get().fid());
            session.renamed(new StoredFile.Name(domain, stored.get().key()));
            return Rename.RENAMED;
          } catch (SQLException e) {
            if (SqlFailure.isDuplicate(e)) {
              return Rename.TARGET_EXISTS;
            }
            throw e;
          }
        });
  }

  private record FidAndClass(Fid fid, ClassId fileClass) {}

  @Override
  public Reclass changeClass(DomainId domain, Key key, ClassId to) {
    return transactions.run(
        session -> {
          var found =
              session.one(
                  row -> new FidAndClass(row.fid(1), new ClassId(row.small(2))),
                  "SELECT fid, classid FROM file WHERE dmid = ? AND dkey = ? FOR UPDATE",
                  domain,
                  key);
          if (found.isEmpty()) {
            return Reclass.NO_SUCH_KEY;
          }
          var fid = found.get().fid();
          if (!session.exists("SELECT 1 FROM file_on WHERE fid = ? LIMIT 1", fid)) {
            return Reclass.NO_REPLICAS;
          }
          if (found.get().fileClass().equals(to)) {
            return Reclass.SAME;
          }
          session.update("UPDATE file SET classid = ? WHERE fid = ?", to, fid);
          Queues.replicateNow(session, fid);
          return Reclass.CHANGED;
        });
  }

  @Override
  public FileRows rows(Fid fid) {
    return transactions.snapshot(session -> FileRowsQuery.rows(session, fid));
  }
}
