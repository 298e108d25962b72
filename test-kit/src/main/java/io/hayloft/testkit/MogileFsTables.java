package io.hayloft.testkit;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The tables as the original made them years ago: 32-bit fids, names in a collation that knows
 * neither case nor trailing blanks. For tests of taking over such a database.
 */
public final class MogileFsTables {

  private static final String[] TABLES = {
    """
    CREATE TABLE domain (dmid SMALLINT UNSIGNED NOT NULL, PRIMARY KEY (dmid),
      namespace VARCHAR(255), UNIQUE (namespace))\
    """,
    """
    CREATE TABLE class (dmid SMALLINT UNSIGNED NOT NULL, classid TINYINT UNSIGNED NOT NULL,
      PRIMARY KEY (dmid, classid), classname VARCHAR(50), UNIQUE (dmid, classname),
      mindevcount TINYINT UNSIGNED NOT NULL, hashtype TINYINT UNSIGNED, replpolicy VARCHAR(255))\
    """,
    """
    CREATE TABLE file (fid INT UNSIGNED NOT NULL, PRIMARY KEY (fid),
      dmid SMALLINT UNSIGNED NOT NULL, dkey VARCHAR(255), UNIQUE dkey (dmid, dkey),
      length BIGINT UNSIGNED, classid TINYINT UNSIGNED NOT NULL,
      devcount TINYINT UNSIGNED NOT NULL, INDEX devcount (dmid, classid, devcount))\
    """,
    """
    CREATE TABLE tempfile (fid INT UNSIGNED NOT NULL AUTO_INCREMENT, PRIMARY KEY (fid),
      createtime INT UNSIGNED NOT NULL, classid TINYINT UNSIGNED NOT NULL,
      dmid SMALLINT UNSIGNED NOT NULL, dkey VARCHAR(255), devids VARCHAR(60))\
    """,
    "CREATE TABLE file_to_delete (fid INT UNSIGNED NOT NULL, PRIMARY KEY (fid))",
    """
    CREATE TABLE unreachable_fids (fid INT UNSIGNED NOT NULL, lastupdate INT UNSIGNED NOT NULL,
      PRIMARY KEY (fid), INDEX (lastupdate))\
    """,
    """
    CREATE TABLE file_on (fid INT UNSIGNED NOT NULL, devid MEDIUMINT UNSIGNED NOT NULL,
      PRIMARY KEY (fid, devid), INDEX (devid))\
    """,
    """
    CREATE TABLE file_on_corrupt (fid INT UNSIGNED NOT NULL, devid MEDIUMINT UNSIGNED NOT NULL,
      PRIMARY KEY (fid, devid))\
    """,
    """
    CREATE TABLE host (hostid MEDIUMINT UNSIGNED NOT NULL, PRIMARY KEY (hostid),
      status ENUM('alive','dead','down','readonly'), http_port MEDIUMINT UNSIGNED DEFAULT 7500,
      http_get_port MEDIUMINT UNSIGNED, hostname VARCHAR(40), hostip VARCHAR(15),
      altip VARCHAR(15), altmask VARCHAR(18), UNIQUE (hostname), UNIQUE (hostip), UNIQUE (altip))\
    """,
    """
    CREATE TABLE device (devid MEDIUMINT UNSIGNED NOT NULL, hostid MEDIUMINT UNSIGNED NOT NULL,
      status ENUM('alive','dead','down','readonly','drain'), weight MEDIUMINT DEFAULT 100,
      mb_total INT UNSIGNED, mb_used INT UNSIGNED, mb_asof INT UNSIGNED, PRIMARY KEY (devid),
      INDEX (status))\
    """,
    "CREATE TABLE server_settings (field VARCHAR(50) PRIMARY KEY, value TEXT)",
    """
    CREATE TABLE file_to_replicate (fid INT UNSIGNED NOT NULL, PRIMARY KEY (fid),
      nexttry INT UNSIGNED NOT NULL, INDEX (nexttry), fromdevid INT UNSIGNED,
      failcount TINYINT UNSIGNED NOT NULL DEFAULT 0, flags SMALLINT UNSIGNED NOT NULL DEFAULT 0)\
    """,
    """
    CREATE TABLE file_to_delete_later (fid INT UNSIGNED NOT NULL PRIMARY KEY,
      delafter INT UNSIGNED NOT NULL, INDEX (delafter))\
    """,
    """
    CREATE TABLE fsck_log (logid INT UNSIGNED NOT NULL AUTO_INCREMENT, PRIMARY KEY (logid),
      utime INT UNSIGNED NOT NULL, fid INT UNSIGNED NULL, evcode CHAR(4),
      devid MEDIUMINT UNSIGNED, INDEX (utime))\
    """,
    """
    CREATE TABLE file_to_queue (fid INT UNSIGNED NOT NULL, devid INT UNSIGNED,
      type TINYINT UNSIGNED NOT NULL, nexttry INT UNSIGNED NOT NULL,
      failcount TINYINT UNSIGNED NOT NULL DEFAULT 0, flags SMALLINT UNSIGNED NOT NULL DEFAULT 0,
      arg TEXT, PRIMARY KEY (fid, type), INDEX type_nexttry (type, nexttry))\
    """,
    """
    CREATE TABLE file_to_delete2 (fid INT UNSIGNED NOT NULL PRIMARY KEY,
      nexttry INT UNSIGNED NOT NULL, failcount TINYINT UNSIGNED NOT NULL DEFAULT 0,
      INDEX nexttry (nexttry))\
    """,
    """
    CREATE TABLE checksum (fid INT UNSIGNED NOT NULL PRIMARY KEY,
      hashtype TINYINT UNSIGNED NOT NULL, checksum VARBINARY(64) NOT NULL)\
    """,
  };

  private MogileFsTables() {}

  /**
   * Makes the tables in an empty database.
   *
   * @param charset for example {@code latin1 COLLATE latin1_swedish_ci}
   * @param version to write as the setting {@code schema_version}
   */
  public static void create(Connection connection, String charset, String version)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var table : TABLES) {
        statement.execute(table + " ENGINE=InnoDB DEFAULT CHARACTER SET " + charset);
      }
      statement.execute(
          "INSERT INTO server_settings VALUES ('schema_version', '%s')".formatted(version));
    }
  }
}
