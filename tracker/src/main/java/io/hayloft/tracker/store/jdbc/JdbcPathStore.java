package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FilePath;
import io.hayloft.tracker.store.PathStore;
import io.hayloft.tracker.store.jdbc.PathTree.Node;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Trees of names, in the tables {@code hayloft_path_domain} and {@code hayloft_path}. */
final class JdbcPathStore implements PathStore {

  private final Transactions transactions;

  JdbcPathStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void enable(DomainId domain) {
    transactions.single(
        session ->
            session.update("INSERT IGNORE INTO hayloft_path_domain (dmid) VALUES (?)", domain));
  }

  @Override
  public void disable(DomainId domain) {
    transactions.single(
        session -> session.update("DELETE FROM hayloft_path_domain WHERE dmid = ?", domain));
  }

  @Override
  public Found find(DomainId domain, FilePath path) {
    var walk = transactions.single(session -> PathTree.walk(session, domain, path));
    if (!walk.hasTree()) {
      return new Found.NoTree();
    }
    return walk.end()
        .filter(Node::isThere)
        .<Found>map(node -> node.fid().<Found>map(Found.File::new).orElseGet(Found.Directory::new))
        .orElseGet(Found.Nothing::new);
  }

  @Override
  public Naming name(DomainId domain, FilePath path, Fid fid) {
    return transactions.run(
        session -> {
          var naming = name(session, domain, path, fid);
          if (naming instanceof Naming.Blocked) {
            session.rollbackOnly();
          }
          return naming;
        });
  }

  private static Naming name(Session session, DomainId domain, FilePath path, Fid fid)
      throws SQLException {
    var parent = PathTree.makeDirectories(session, domain, path.parent());
    if (parent.isEmpty()) {
      return new Naming.Blocked();
    }
    var there = PathTree.child(session, domain, parent.get(), path.name());
    if (there.isEmpty()) {
      PathTree.insert(session, domain, parent.get(), path.name(), Optional.of(fid));
      return new Naming.Named(Optional.empty());
    }
    var node = there.get();
    if (node.isDirectory()) {
      return new Naming.Blocked();
    }
    session.update("UPDATE hayloft_path SET fid = ? WHERE node = ?", fid, node.id());
    var replaced = node.fid().filter(old -> node.isFile() && !old.equals(fid));
    if (replaced.isPresent()) {
      JdbcFileStore.delete(session, replaced.get());
    }
    return new Naming.Named(replaced);
  }

  @Override
  public void forget(DomainId domain, FilePath path, Fid fid) {
    transactions.single(
        session -> {
          var walk = PathTree.walk(session, domain, path);
          return walk.end().isEmpty()
              ? 0
              : session.update(
                  "DELETE FROM hayloft_path WHERE node = ? AND fid = ?",
                  walk.end().get().id(),
                  fid);
        });
  }

  @Override
  public Move move(DomainId domain, FilePath from, FilePath to) {
    return transactions.run(
        session -> {
          var move = move(session, domain, from, to);
          if (move != Move.MOVED) {
            session.rollbackOnly();
          }
          return move;
        });
  }

  /** Moves within a domain take turns: two at once could put directories into each other. */
  private static Move move(Session session, DomainId domain, FilePath from, FilePath to)
      throws SQLException {
    session.exists("SELECT 1 FROM hayloft_path_domain WHERE dmid = ? FOR UPDATE", domain);
    var moved = PathTree.walk(session, domain, from).end().filter(Node::isThere);
    if (moved.isEmpty() || from.names().isEmpty()) {
      return Move.NOT_FOUND;
    }
    if (to.equals(from)) {
      return Move.MOVED;
    }
    if (to.isWithin(from)) {
      return Move.BLOCKED;
    }
    var parent = PathTree.makeDirectories(session, domain, to.parent());
    if (parent.isEmpty()) {
      return Move.BLOCKED;
    }
    var there = PathTree.child(session, domain, parent.get(), to.name());
    if (there.filter(Node::isThere).isPresent()) {
      return Move.BLOCKED;
    }
    if (there.isPresent()) {
      session.update("DELETE FROM hayloft_path WHERE node = ?", there.get().id());
    }
    session.update(
        "UPDATE hayloft_path SET parent = ?, name = ? WHERE node = ?",
        parent.get(),
        to.name(),
        moved.get().id());
    return Move.MOVED;
  }

  @Override
  public Listing list(DomainId domain, FilePath directory, String after, int limit) {
    return transactions.snapshot(
        session -> {
          var walk = PathTree.walk(session, domain, directory);
          if (!walk.hasTree()) {
            return new Listing.NoTree();
          }
          var end = directory.names().isEmpty() ? Optional.of(Node.TOP) : walk.end();
          if (end.filter(Node::isThere).isEmpty()) {
            return new Listing.NotFound();
          }
          return end.get().isDirectory()
              ? new Listing.Entries(entries(session, domain, end.get(), after, limit))
              : new Listing.NotADirectory();
        });
  }

  private static List<Entry> entries(
      Session session, DomainId domain, Node directory, String after, int limit)
      throws SQLException {
    return session.list(
        row -> new Entry(row.text(1), length(row)),
        "SELECT n.name, f.fid, f.length FROM hayloft_path n LEFT JOIN file f ON f.fid = n.fid"
            + " WHERE n.dmid = ? AND n.parent = ? AND n.name > ?"
            + " AND (n.fid IS NULL OR f.fid IS NOT NULL) ORDER BY n.name LIMIT ?",
        domain,
        directory.id(),
        after,
        limit);
  }

  private static OptionalLong length(Row row) throws SQLException {
    return row.number(2) == 0 ? OptionalLong.empty() : OptionalLong.of(row.number(3));
  }
}
