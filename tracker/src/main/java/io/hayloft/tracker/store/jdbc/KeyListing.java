package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.FileStore.KeyRange;
import io.hayloft.tracker.store.KeyPage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pages of keys, read along the index of the keys.
 *
 * <p>Where keys are bytes, a prefix is a range of them. Where they are text in some collation, the
 * pages follow the order of the collation, because another order would mean to sort the whole
 * domain for each page; a key that only looks like the prefix to the collation is left out.
 */
final class KeyListing {

  /** The escape character of patterns: one that is no part of string syntax. */
  private static final String ESCAPE = "|";

  private static final byte[] NONE = {};

  private final DatabaseFacts.Lazy facts;

  KeyListing(DatabaseFacts.Lazy facts) {
    this.facts = facts;
  }

  KeyPage list(Session session, DomainId domain, KeyRange range) throws SQLException {
    var known = facts.of(session);
    var sql = new StringBuilder("SELECT dkey FROM file" + known.indexes().keys());
    sql.append(" WHERE dmid = ?");
    var values = new ArrayList<Object>(List.of(domain));
    if (known.keysAreBytes()) {
      byBytes(sql, values, range);
    } else {
      byCollation(sql, values, range);
    }
    sql.append(" ORDER BY dkey LIMIT ?");
    values.add(range.limit());
    var page = new KeyPage();
    session.each(row -> page.add(row.bytes(1).orElse(NONE)), sql.toString(), values.toArray());
    return page;
  }

  private static void byBytes(StringBuilder sql, List<Object> values, KeyRange range) {
    if (range.after().compareTo(range.prefix()) >= 0) {
      sql.append(" AND dkey > ?");
      values.add(range.after());
    } else {
      sql.append(" AND dkey >= ?");
      values.add(range.prefix());
    }
    successor(range.prefix())
        .ifPresent(
            end -> {
              sql.append(" AND dkey < ?");
              values.add(end);
            });
  }

  /** The least text of bytes after all that begin with the prefix; empty when there is none. */
  static Optional<String> successor(String prefix) {
    int end = prefix.length();
    while (end > 0 && prefix.charAt(end - 1) == 0xFF) {
      end--;
    }
    return end == 0
        ? Optional.empty()
        : Optional.of(prefix.substring(0, end - 1) + (char) (prefix.charAt(end - 1) + 1));
  }

  private static void byCollation(StringBuilder sql, List<Object> values, KeyRange range) {
    if (!range.after().isEmpty()) {
      sql.append(" AND dkey > ?");
      values.add(range.after());
    }
    if (!range.prefix().isEmpty()) {
      sql.append(" AND dkey LIKE ? ESCAPE '" + ESCAPE + "'")
          .append(" AND LEFT(CAST(CONVERT(dkey USING latin1) AS BINARY), ?) = CAST(? AS BINARY)");
      values.add(range.prefix().replaceAll("[|%_]", "\\|$0") + "%");
      values.add(range.prefix().length());
      values.add(range.prefix());
    }
  }
}
