package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.model.StoredFile.Name;
import io.hayloft.tracker.store.FileRows;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.Hearer;
import io.hayloft.tracker.store.KeyPage;
import io.hayloft.tracker.store.group.Gathering;
import io.hayloft.tracker.store.jdbc.FileBatches.Renamed;
import io.hayloft.tracker.store.jdbc.FileBatches.Renaming;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files, in the tables {@code file}, {@code file_on} and {@code checksum}. */
final class JdbcFileStore implements FileStore {

  /** More than this and nobody gains: the statement costs what its rows cost. */
  private static final int TOGETHER = 128;

  private static final Gathering.Room READS = new Gathering.Room(TOGETHER, 2);
  private static final Gathering.Room CHANGES = new Gathering.Room(TOGETHER, 2);

  /**
   * Pages share nothing, so each goes by itself, several at a time: they are gathered for the sake
   * of the threads that wait for them, and so that they leave connections to others.
   */
  private static final Gathering.Room PAGES = new Gathering.Room(1, 8);

  private final Transactions transactions;
  private final DatabaseFacts.Lazy facts;
  private final KeyListing listing;
  private final Gathering<Name, Optional<Located>> lookups;
  private final Gathering<Name, Boolean> deletions;
  private final Gathering<Renaming, Rename> renamings;
  private final Gathering<Page, KeyPage> pages;

  private record Page(DomainId domain, KeyRange range) {}

  JdbcFileStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.facts = facts;
    this.listing = new KeyListing(facts);
    this.lookups = transactions.gathering(this::locateAll, _ -> List.of(), READS);
    this.deletions = transactions.gathering(this::deleteAll, List::of, CHANGES);
    this.renamings = transactions.gathering(this::renameAll, Renaming::names, CHANGES);
    this.pages = transactions.gathering(this::listAll, _ -> List.of(), PAGES);
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

  @Override
  public Optional<Located> locate(DomainId domain, Key key) {
    return lookups.ask(new Name(domain, key));
  }

  @Override
  public void locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer) {
    lookups.ask(new Name(domain, key), hearer);
  }

  private List<Optional<Located>> locateAll(List<Name> names) {
    var found =
        transactions.single(
            session ->
                FileBatches.locate(session, facts.of(session), names.stream().distinct().toList()));
    return names.stream().map(name -> Optional.ofNullable(found.get(name))).toList();
  }

  @Override
  public Map<Fid, Located> locate(Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return Map.of();
    }
    return FileBatches.located(
        transactions.single(
            session ->
                session.listMany(
                    FileBatches.Location::read,
                    FileBatches.LOCATE.formatted("") + "f.fid IN (??)",
                    fids)));
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
  public KeyPage listKeys(DomainId domain, KeyRange range) {
    return pages.ask(new Page(domain, range));
  }

  @Override
  public void listKeys(DomainId domain, KeyRange range, Hearer<KeyPage> hearer) {
    pages.ask(new Page(domain, range), hearer);
  }

  private List<KeyPage> listAll(List<Page> asked) {
    return asked.stream()
        .map(
            page ->
                transactions.longSingle(
                    session -> listing.list(session, page.domain(), page.range())))
        .toList();
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
    return deletions.ask(new Name(domain, key));
  }

  @Override
  public void delete(DomainId domain, Key key, Hearer<Boolean> hearer) {
    deletions.ask(new Name(domain, key), hearer);
  }

  List<Boolean> deleteAll(List<Name> names) {
    return transactions
        .run(
            session -> FileBatches.delete(session, facts.of(session), names),
            JdbcFileStore::areGone)
        .stream()
        .map(Optional::isPresent)
        .toList();
  }

  /** Whether a deletion of which nobody knows the end did happen. */
  static boolean areGone(List<Optional<Fid>> deleted, Session session) throws SQLException {
    var fids = deleted.stream().flatMap(Optional::stream).toList();
    return Queues.lockFiles(session, fids).isEmpty();
  }

  @Override
  public boolean delete(Fid fid) {
    return transactions.run(session -> delete(session, fid));
  }

  /** Removes the name of a fid and queues its bytes for deletion; false when it has none. */
  static boolean delete(Session session, Fid fid) throws SQLException {
    var stored =
        session.one(
            FileBatches.Stored::read,
            "SELECT fid, dmid, dkey FROM file WHERE fid = ? FOR UPDATE",
            fid);
    FileBatches.remove(session, stored.stream().toList());
    return stored.isPresent();
  }

  @Override
  public Rename rename(DomainId domain, Key from, Key to) {
    return renamings.ask(new Renaming(domain, from, to));
  }

  @Override
  public void rename(DomainId domain, Key from, Key to, Hearer<Rename> hearer) {
    renamings.ask(new Renaming(domain, from, to), hearer);
  }

  List<Rename> renameAll(List<Renaming> requests) {
    return transactions
        .run(
            session -> FileBatches.rename(session, facts.of(session), requests),
            (ends, session) -> FileBatches.areRenamed(session, requests, ends))
        .stream()
        .map(Renamed::end)
        .toList();
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
