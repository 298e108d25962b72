package io.hayloft.cli.takeover;

import io.hayloft.schema.survey.Survey.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The database server, the account, and who else is connected. */
final class ServerFindings {

  private static final Pattern VERSION = Pattern.compile("(?:5\\.5\\.5-)?([0-9]+)\\.([0-9]+).*");
  private static final Pattern GRANT =
      Pattern.compile("(?i)GRANT (.+) ON (?:TABLE )?(\\S+) TO .*", Pattern.DOTALL);

  /** INDEX and ALTER for the tables that are added, now and by later versions. */
  private static final Set<String> NEEDED =
      Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "INDEX", "ALTER");

  private ServerFindings() {}

  static List<Finding> of(Server server) {
    var findings = new ArrayList<Finding>();
    findings.add(version(server.version()));
    findings.add(
        Finding.adopted(
            "server sql_mode",
            "Does not matter (%s): connections set a strict one of their own."
                .formatted(server.sqlMode().isEmpty() ? "none" : server.sqlMode())));
    findings.add(privileges(server));
    server
        .others()
        .forEach(
            other ->
                findings.add(
                    Finding.look(
                        "connections",
                        "%d of user %s from %s to this database are open."
                            .formatted(
                                other.connections(),
                                other.user(),
                                other.host().isEmpty() ? "this machine" : other.host()),
                        "If these are old trackers, stop them before the first of Hayloft's.")));
    return findings;
  }

  private static Finding version(String version) {
    boolean maria = version.toLowerCase(Locale.ROOT).contains("mariadb");
    var name = (maria ? "MariaDB " : "MySQL ") + version;
    var parts = VERSION.matcher(version);
    if (parts.matches()) {
      int major = Integer.parseInt(parts.group(1));
      int minor = Integer.parseInt(parts.group(2));
      boolean recent = maria ? major > 10 || (major == 10 && minor >= 6) : major >= 8;
      if (recent) {
        return Finding.adopted("server", name + ".");
      }
    }
    return Finding.look(
        "server",
        name + " is older than what Hayloft is tested with; workers wait for each other there.",
        "Bring the server to MySQL 8 or MariaDB 10.6 first.");
  }

  /** What an account may do to databases whose names fit a pattern. */
  private record Grant(String pattern, Set<String> privileges) {

    private long wildcards() {
      var unescaped = pattern.replaceAll("\\\\.", "");
      return unescaped.chars().filter(c -> c == '_' || c == '%').count();
    }
  }

  /**
   * Of the grants on databases the server goes by the most particular one alone; what is granted on
   * everything counts besides.
   */
  private static Finding privileges(Server server) {
    var missing = new TreeSet<>(NEEDED);
    var fitting = new ArrayList<Grant>();
    boolean byRole = false;
    for (var line : server.grants()) {
      var grant = GRANT.matcher(line);
      if (!grant.matches()) {
        byRole |= line.toUpperCase(Locale.ROOT).startsWith("GRANT ");
        continue;
      }
      var privileges = privileges(grant.group(1));
      var object = grant.group(2).replace("`", "").replace("\"", "");
      if (object.equals("*.*")) {
        missing.removeAll(privileges);
      } else if (object.endsWith(".*")) {
        var pattern = object.substring(0, object.length() - 2);
        if (covers(pattern, server.database())) {
          fitting.add(new Grant(pattern, privileges));
        }
      }
    }
    var onDatabase = fitting.stream().min(Comparator.comparingLong(Grant::wildcards));
    onDatabase.ifPresent(grant -> missing.removeAll(grant.privileges()));
    if (missing.isEmpty()) {
      return Finding.adopted("account", "May do all that is needed in this database.");
    }
    var lacks = "Has no privilege " + String.join(", ", missing) + " on this database";
    return byRole
        ? Finding.look("account", lacks + ", unless a role gives it.", "Make sure that it does.")
        : Finding.blocks(
            "account",
            lacks + ".",
            "GRANT %s ON `%s`.* to it."
                .formatted(
                    String.join(", ", missing),
                    onDatabase.map(Grant::pattern).orElse(server.database())));
  }

  private static Set<String> privileges(String listed) {
    var privileges = new TreeSet<String>();
    for (var word : listed.toUpperCase(Locale.ROOT).split(",")) {
      if (word.strip().startsWith("ALL")) {
        privileges.addAll(NEEDED);
      }
      privileges.add(word.strip());
    }
    return privileges;
  }

  /** The database part of a grant is a pattern, except that everyone forgets so. */
  private static boolean covers(String name, String database) {
    var pattern = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\' && i + 1 < name.length()) {
        pattern.append(Pattern.quote(name.substring(i + 1, i + 2)));
        i++;
      } else if (c == '%') {
        pattern.append(".*");
      } else if (c == '_') {
        pattern.append('.');
      } else {
        pattern.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE)
        .matcher(database)
        .matches();
  }
}
