package io.hayloft.runtime.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Turns the database address of the original, a Perl DBI data source name, into a JDBC URL: {@code
 * DBI:mysql:mogilefs:host=db1;port=3307} becomes {@code jdbc:mysql://db1:3307/mogilefs}.
 *
 * <p>As the MySQL driver of Perl does, it takes values with a name in any order and values without
 * one as database, host and port. A socket file, also the one that is meant when no host is named,
 * becomes {@code localhost} over TCP, because the Java driver speaks TCP only.
 */
public final class OriginalDsn {

  private static final Pattern DSN = Pattern.compile("(?i)dbi:(\\w+)(?:\\([^)]*\\))?:(.*)");

  /** A value ends at a colon or semicolon outside of brackets, which hold an IPv6 address. */
  private static final Pattern VALUE = Pattern.compile("(?:\\[[^\\]]*\\]|[^:;\\[])+");

  private static final List<String> UNNAMED = List.of("database", "host", "port");

  /** What the Java driver does by itself, or what has no meaning for it. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "mysql_auto_reconnect",
          "mysql_enable_utf8",
          "mysql_enable_utf8mb4",
          "mysql_local_infile",
          "mysql_server_prepare",
          "mysql_socket",
          "mysql_use_result");

  private OriginalDsn() {}

  /**
   * The JDBC URL, without user and password.
   *
   * @throws IllegalArgumentException when it is none, names a database that is not MySQL or
   *     MariaDB, or has an option that cannot be kept; the message is a sentence for people
   */
  public static String jdbcUrl(String dsn) {
    var parts = DSN.matcher(dsn.trim());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "is not a data source name as in DBI:mysql:mogilefs:host=db1");
    }
    return switch (parts.group(1).toLowerCase(Locale.ROOT)) {
      case "mysql", "mariadb" -> mysql(values(parts.group(2)));
      case "pg" -> throw refused("PostgreSQL");
      case "sqlite" -> throw refused("SQLite");
      default -> throw refused(parts.group(1));
    };
  }

  private static IllegalArgumentException refused(String database) {
    return new IllegalArgumentException(
        "names a "
            + database
            + " database, which Hayloft does not support: move the tables to MySQL or MariaDB first"
            + " and name that database");
  }

  private static Map<String, String> values(String text) {
    var values = new LinkedHashMap<String, String>();
    var each = VALUE.matcher(text);
    while (each.find()) {
      var value = each.group();
      int equals = value.indexOf('=');
      if (equals >= 0) {
        values.put(name(value.substring(0, equals)), value.substring(equals + 1));
      } else {
        UNNAMED.stream()
            .filter(name -> !values.containsKey(name))
            .findFirst()
            .ifPresent(name -> values.put(name, value));
      }
    }
    return values;
  }

  private static String name(String written) {
    var name = written.trim().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "db", "dbname" -> "database";
      case "hostname" -> "host";
      default -> name;
    };
  }

  private static String mysql(Map<String, String> values) {
    var rest = new TreeMap<>(values);
    var database = rest.remove("database");
    var host = rest.remove("host");
    var port = rest.remove("port");
    if (database == null) {
      throw new IllegalArgumentException("names no database");
    }
    if (port != null && !port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("has a port that is no number: " + port);
    }
    var url = new StringBuilder("jdbc:mysql://");
    url.append(host == null || host.isBlank() ? "localhost" : host.trim());
    url.append(':').append(port == null ? "3306" : port);
    url.append('/').append(encoded(database));
    char separator = '?';
    for (var option : rest.entrySet()) {
      var property = property(option.getKey(), option.getValue());
      if (!property.isEmpty()) {
        url.append(separator).append(property);
        separator = '&';
      }
    }
    return url.toString();
  }

  /** An option of the driver as a property of the URL; empty when it needs none. */
  private static String property(String name, String value) {
    if (WITHOUT_EFFECT.contains(name)) {
      return "";
    }
    return switch (name) {
      case "mysql_connect_timeout" -> "connectTimeout=" + millis(name, value);
      case "mysql_read_timeout" -> "socketTimeout=" + millis(name, value);
      case "mysql_compression" -> "useCompression=" + isOn(value);
      case "mysql_ssl" -> isOn(value) ? "sslMode=REQUIRED" : "";
      default ->
          throw new IllegalArgumentException(
              "has the option " + name + ", which cannot be kept: give a JDBC URL instead");
    };
  }

  private static long millis(String name, String seconds) {
    if (!seconds.matches("[0-9]{1,6}")) {
      throw new IllegalArgumentException(name + " is not a number of seconds: " + seconds);
    }
    return 1000 * Long.parseLong(seconds);
  }

  private static boolean isOn(String value) {
    return !value.isEmpty() && !value.equals("0");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text.trim(), StandardCharsets.UTF_8).replace("+", "%20");
  }
}
