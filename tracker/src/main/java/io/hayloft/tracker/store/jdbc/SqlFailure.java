package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.store.StoreException.Cause;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What an error of the database means to a caller. The numbers are those of MySQL and MariaDB. */
final class SqlFailure {

  private static final int DUPLICATE_ENTRY = 1062;
  private static final int TOO_LARGE = 1264;
  private static final Set<Integer> DUPLICATES = Set.of(DUPLICATE_ENTRY, 1586);

  /** Lock wait over, deadlock, record changed. */
  private static final Set<Integer> CONFLICTS = Set.of(1205, 1213, 1020);

  /**
   * Too many connections, not a working part of the cluster, shutting down, read-only, no
   * transaction that writes, too many of this user, killed.
   */
  private static final Set<Integer> UNAVAILABLE =
      Set.of(1040, 1047, 1053, 1203, 1290, 1792, 1836, 1927);

  /** Those of them after which the connection leads to the wrong server. */
  private static final Set<Integer> WRONG_SERVER = Set.of(1047, 1053, 1290, 1792, 1836, 1927);

  private SqlFailure() {}

  static Cause cause(SQLException failure) {
    int code = failure.getErrorCode();
    var state = failure.getSQLState() == null ? "" : failure.getSQLState();
    if (failure instanceof LostRaceException
        || CONFLICTS.contains(code)
        || state.startsWith("40")) {
      return Cause.CONFLICT;
    }
    if (DUPLICATES.contains(code)) {
      return Cause.DUPLICATE;
    }
    return UNAVAILABLE.contains(code)
            || state.startsWith("08")
            || failure instanceof SQLTransientConnectionException
            || failure instanceof SQLTimeoutException
        ? Cause.UNAVAILABLE
        : Cause.BROKEN;
  }

  static boolean isDuplicate(SQLException failure) {
    return cause(failure) == Cause.DUPLICATE;
  }

  /** Whether a number does not fit its column, as one of 64 bits in an old table. */
  static boolean isTooLarge(SQLException failure) {
    return "22003".equals(failure.getSQLState()) || failure.getErrorCode() == TOO_LARGE;
  }

  /** Whether the connection should not be used again, although it still works. */
  static boolean spoilsConnection(SQLException failure) {
    return WRONG_SERVER.contains(failure.getErrorCode());
  }
}
