package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FilePath;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Walks the table {@code hayloft_path}. A look-up is one statement, a join for each name of the
 * path; making directories takes a statement for each.
 */
final class PathTree {

  /** The parent of what is at the top. */
  static final long ROOT = 0;

  private PathTree() {}

  /**
   * A row of the tree.
   *
   * @param fid empty for a directory
   * @param isFile whether the fid is that of a file
   */
  record Node(long id, Optional<Fid> fid, boolean isFile) {

    static final Node TOP = new Node(ROOT, Optional.empty(), false);

    boolean isDirectory() {
      return fid.isEmpty();
    }

    /** Whether something is really there: the name of a deleted file is nothing. */
    boolean isThere() {
      return isDirectory() || isFile;
    }
  }

  /** What was found on the way down a path. */
  record Walk(boolean hasTree, Optional<Node> end) {}

  static Walk walk(Session session, DomainId domain, FilePath path) throws SQLException {
    int depth = path.names().size();
    var sql = new StringBuilder("SELECT ");
    sql.append(depth == 0 ? "0, NULL, NULL" : "n%d.node, n%d.fid, f.fid".formatted(depth, depth));
    sql.append(" FROM hayloft_path_domain d");
    var values = new ArrayList<Object>();
    for (int i = 1; i <= depth; i++) {
      var parent = i == 1 ? "0" : "n" + (i - 1) + ".node";
      sql.append(
          " LEFT JOIN hayloft_path n%d ON n%d.dmid = d.dmid AND n%d.parent = %s AND n%d.name = ?"
              .formatted(i, i, i, parent, i));
      values.add(path.names().get(i - 1));
    }
    if (depth > 0) {
      sql.append(" LEFT JOIN file f ON f.fid = n%d.fid".formatted(depth));
    }
    sql.append(" WHERE d.dmid = ?");
    values.add(domain);
    var found = session.one(PathTree::node, sql.toString(), values.toArray());
    return new Walk(found.isPresent(), found.filter(node -> depth == 0 || node.id() != ROOT));
  }

  private static Node node(Row row) throws SQLException {
    return new Node(row.number(1), fid(row, 2), row.number(3) != 0);
  }

  private static Optional<Fid> fid(Row row, int column) throws SQLException {
    return row.number(column) == 0 ? Optional.empty() : Optional.of(row.fid(column));
  }

  /** The name in a directory, locked until the transaction ends. */
  static Optional<Node> child(Session session, DomainId domain, long parent, String name)
      throws SQLException {
    return session.one(
        PathTree::node,
        "SELECT n.node, n.fid, (SELECT f.fid FROM file f WHERE f.fid = n.fid) FROM hayloft_path n"
            + " WHERE n.dmid = ? AND n.parent = ? AND n.name = ? FOR UPDATE",
        domain,
        parent,
        name);
  }

  /** The directory of a path, made where it is not there; empty when a file is in the way. */
  static Optional<Long> makeDirectories(Session session, DomainId domain, FilePath path)
      throws SQLException {
    long parent = ROOT;
    for (var name : path.names()) {
      var found = child(session, domain, parent, name);
      if (found.isEmpty()) {
        parent = insert(session, domain, parent, name, Optional.empty());
        continue;
      }
      var node = found.get();
      if (node.isFile()) {
        return Optional.empty();
      }
      if (!node.isDirectory()) {
        session.update("UPDATE hayloft_path SET fid = NULL WHERE node = ?", node.id());
      }
      parent = node.id();
    }
    return Optional.of(parent);
  }

  static long insert(Session session, DomainId domain, long parent, String name, Optional<Fid> fid)
      throws SQLException {
    try {
      return session.insertNumbered(
          "INSERT INTO hayloft_path (dmid, parent, name, fid) VALUES (?, ?, ?, ?)",
          domain,
          parent,
          name,
          fid);
    } catch (SQLException e) {
      if (SqlFailure.isDuplicate(e)) {
        throw new LostRaceException("another request has just made that name", e);
      }
      throw e;
    }
  }
}
