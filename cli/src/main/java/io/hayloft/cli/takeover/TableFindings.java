package io.hayloft.cli.takeover;

import io.hayloft.schema.Schema;
import io.hayloft.schema.survey.Survey;
import io.hayloft.schema.survey.Table;
import io.hayloft.schema.survey.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The version of the tables, and their forms. */
final class TableFindings {

  private static final Set<String> WHOLE_NUMBERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint");

  /** Of the original, and used by neither. */
  private static final Set<String> UNUSED = Set.of("file_on_corrupt", "unreachable_fids", "lock");

  private static final String OURS = "hayloft_";

  private TableFindings() {}

  static List<Finding> of(Survey survey) {
    var findings = new ArrayList<Finding>();
    var tables = survey.tables();
    if (tables.isEmpty()) {
      findings.add(
          Finding.blocks(
              "database",
              "It has no tables: there is nothing to take over.",
              "Name the old trackers' database; for a new installation run hayloft db migrate."));
      return findings;
    }
    Blueprint.columns()
        .forEach((name, columns) -> findings.addAll(form(tables.get(name), name, columns)));
    keys(tables, findings);
    states(tables, findings);
    if (findings.isEmpty()) {
      findings.add(
          Finding.adopted(
              "tables", "All %d as expected, InnoDB.".formatted(Blueprint.columns().size())));
    }
    findings.add(version(survey));
    others(tables.keySet(), findings);
    return findings;
  }

  private static Finding version(Survey survey) {
    var settings = survey.rows().settings();
    var found = settings.getOrDefault("schema_version", "");
    if (found.equals(Schema.MOGILEFS_VERSION)) {
      return survey.tables().keySet().stream().anyMatch(name -> name.startsWith(OURS))
          ? Finding.adopted("schema", "Version 17, and Hayloft has been here before.")
          : Finding.adopted("schema", "Version 17; tables named hayloft_… will be added.");
    }
    if (!found.matches("[0-9]{1,6}")) {
      return Finding.blocks(
          "schema",
          "There is no schema_version among the settings: this is no database of MogileFS.",
          "Name the old trackers' database.");
    }
    return Integer.parseInt(found) < Integer.parseInt(Schema.MOGILEFS_VERSION)
        ? Finding.blocks(
            "schema",
            "Version %s; only %s can be taken over.".formatted(found, Schema.MOGILEFS_VERSION),
            "Run the mogdbsetup of MogileFS 2.73 on it, and let the old trackers run with that.")
        : Finding.blocks(
            "schema",
            "Version %s is newer than %s, the newest that is known here."
                .formatted(found, Schema.MOGILEFS_VERSION),
            "Look for a newer Hayloft.");
  }

  private static List<Finding> form(
      @Nullable Table table, String name, Map<String, Boolean> expected) {
    if (table == null) {
      return List.of(
          Finding.blocks("table " + name, "Is missing.", "Run mogdbsetup, which makes it."));
    }
    var findings = new ArrayList<Finding>();
    expected.forEach(
        (column, isNumber) -> {
          var found = table.columns().get(column);
          var where = name + "." + column;
          if (found == null) {
            findings.add(Finding.blocks(where, "Is missing.", "Run mogdbsetup."));
          } else if (isNumber != WHOLE_NUMBERS.contains(found.type())) {
            findings.add(
                Finding.blocks(
                    where,
                    "Is %s, and should be %s."
                        .formatted(found.fullType(), isNumber ? "a whole number" : "text"),
                    "Give it the type that mogdbsetup gives it."));
          }
        });
    if (!table.engine().equalsIgnoreCase("InnoDB")) {
      findings.add(
          Finding.blocks(
              "table " + name,
              "Its engine %s has no transactions, on which safety rests."
                  .formatted(table.engine().isEmpty() ? "(none)" : table.engine()),
              "ALTER TABLE `%s` ENGINE=InnoDB.".formatted(name)));
    }
    return findings;
  }

  private static void keys(Map<String, Table> tables, List<Finding> findings) {
    for (var key : Blueprint.keys()) {
      var table = tables.get(key.table());
      if (table != null && !table.isUnique(key.columns())) {
        findings.add(
            Finding.blocks(
                "table " + key.table(),
                "Nothing makes (%s) unique.".formatted(String.join(", ", key.columns())),
                "Give it the key that mogdbsetup gives it."));
      }
    }
    for (var index : Blueprint.indexes()) {
      var table = tables.get(index.table());
      if (table != null && !table.isIndexed(index.columns())) {
        findings.add(
            Finding.look(
                "table " + index.table(),
                "Has no index on (%s), so searches read all of it."
                    .formatted(String.join(", ", index.columns())),
                "CREATE INDEX on these columns."));
      }
    }
  }

  /** Columns of listed words may be from a time when there were fewer. */
  private static void states(Map<String, Table> tables, List<Finding> findings) {
    words(tables, "host", List.of("alive", "dead", "down", "readonly"), findings);
    words(tables, "device", List.of("alive", "dead", "down", "readonly", "drain"), findings);
  }

  private static void words(
      Map<String, Table> tables, String name, List<String> words, List<Finding> findings) {
    var table = tables.get(name);
    Column status = table == null ? null : table.columns().get("status");
    if (status == null || !status.type().equals("enum")) {
      return;
    }
    var listed = status.fullType().toLowerCase(Locale.ROOT);
    var missing = words.stream().filter(word -> !listed.contains("'" + word + "'")).toList();
    if (!missing.isEmpty()) {
      findings.add(
          Finding.look(
              name + ".status",
              "Cannot become %s: the column does not list it."
                  .formatted(String.join(" or ", missing)),
              "Run mogdbsetup, which widens the column."));
    }
  }

  private static void others(Set<String> names, List<Finding> findings) {
    var others = new TreeSet<>(names);
    others.removeAll(Blueprint.columns().keySet());
    others.removeAll(UNUSED);
    others.removeIf(name -> name.startsWith(OURS));
    if (!others.isEmpty()) {
      findings.add(
          Finding.look(
              "other tables",
              "Not of MogileFS itself, and left alone: %s.".formatted(String.join(", ", others)),
              "If they are a plugin's, see which of its functions you need."));
    }
  }
}
