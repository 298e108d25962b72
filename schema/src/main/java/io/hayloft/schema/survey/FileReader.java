package io.hayloft.schema.survey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.schema.survey.Survey.Files;
import io.hayloft.schema.survey.Survey.Group;
import io.hayloft.schema.survey.Survey.SampledKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Looks at the files: along indexes, and at samples. */
final class FileReader {

  /** Places in the range of fids where keys are looked at, and how many at each. */
  private static final int PLACES = 40;

  private static final int KEYS_EACH = 50;

  /** A table of so many rows is read even where no index helps. */
  private static final long SMALL = 1_000_000;

  private static final Pattern COUNTER = Pattern.compile("(?i)auto_increment\\s*=\\s*([0-9]+)");

  private final Queries queries;
  private final Map<String, Table> tables;

  FileReader(Queries queries, Map<String, Table> tables) {
    this.queries = queries;
    this.tables = tables;
  }

  Files read() throws SQLException {
    return new Files(highestFid(), nextFid(), groups(), devices(), keys(), unusable());
  }

  private boolean has(String table, String... columns) {
    var found = tables.get(table);
    return found != null && found.columns().keySet().containsAll(List.of(columns));
  }

  private long highestFid() throws SQLException {
    long highest = 0;
    for (var table : List.of("file", "tempfile", "file_on", "file_to_delete2", "file_to_queue")) {
      if (has(table, "fid")) {
        highest =
            Math.max(
                highest,
                queries.one(row -> row.getLong(1), "SELECT MAX(fid) FROM " + table).orElse(0L));
      }
    }
    return highest;
  }

  /** The server's catalogue may be a day old; the table's definition is not. */
  private OptionalLong nextFid() throws SQLException {
    if (!has("tempfile", "fid")) {
      return OptionalLong.empty();
    }
    var definition =
        queries.one(row -> Queries.text(row, 2), "SHOW CREATE TABLE tempfile").orElse("");
    var counter = COUNTER.matcher(definition);
    var options = definition.substring(definition.lastIndexOf(')') + 1);
    counter.reset(options);
    return OptionalLong.of(counter.find() ? Long.parseLong(counter.group(1)) : 1);
  }

  private List<Group> groups() throws SQLException {
    if (!has("file", "fid", "dmid", "classid") || tooLarge("file", List.of("dmid", "classid"))) {
      return List.of();
    }
    return queries.inTime(
        "the classes that files belong to",
        List.of(),
        () -> {
          var groups = new ArrayList<Group>();
          for (var found :
              queries.list(
                  row -> new Group(row.getInt(1), row.getInt(2), 0),
                  "SELECT dmid, classid FROM file GROUP BY dmid, classid LIMIT 10000")) {
            groups.add(
                new Group(
                    found.domain(),
                    found.fileClass(),
                    queries.count(
                        "file WHERE dmid = %d AND classid = %d"
                            .formatted(found.domain(), found.fileClass()))));
          }
          return groups;
        });
  }

  private List<Integer> devices() throws SQLException {
    if (!has("file_on", "devid") || tooLarge("file_on", List.of("devid"))) {
      return List.of();
    }
    return queries.inTime(
        "the devices that copies are on",
        List.of(),
        () ->
            queries.list(
                row -> row.getInt(1), "SELECT devid FROM file_on GROUP BY devid LIMIT 10000"));
  }

  private boolean tooLarge(String name, List<String> columns) {
    var table = tables.get(name);
    boolean tooLarge = table != null && !table.isIndexed(columns) && table.estimatedRows() > SMALL;
    if (tooLarge) {
      queries.skip("%s by %s: it has no index on that".formatted(name, String.join(", ", columns)));
    }
    return tooLarge;
  }

  private List<SampledKey> keys() throws SQLException {
    if (!has("file", "fid", "dkey")) {
      return List.of();
    }
    var file = tables.get("file");
    var dkey = file == null ? null : file.columns().get("dkey");
    boolean bytes = dkey == null || dkey.charset().isEmpty();
    var seen = bytes ? "dkey" : "CAST(CONVERT(dkey USING latin1) AS BINARY)";
    long lowest = queries.one(row -> row.getLong(1), "SELECT MIN(fid) FROM file").orElse(0L);
    long highest = queries.one(row -> row.getLong(1), "SELECT MAX(fid) FROM file").orElse(0L);
    long step = Math.max(1, (highest - lowest) / PLACES);
    var keys = new ArrayList<SampledKey>();
    long after = lowest - 1;
    for (int place = 0; place < PLACES && after < highest; place++) {
      long from = Math.max(after, lowest - 1 + place * step);
      var rows =
          queries.list(
              row -> new Numbered(row.getLong(1), new SampledKey(bytes(row, 2), bytes(row, 3))),
              "SELECT fid, CAST(dkey AS BINARY), %s FROM file WHERE fid > %d ORDER BY fid LIMIT %d"
                  .formatted(seen, from, KEYS_EACH));
      rows.forEach(row -> keys.add(row.key()));
      after = rows.isEmpty() ? highest : rows.getLast().fid();
    }
    return keys;
  }

  private record Numbered(long fid, SampledKey key) {}

  private static String bytes(ResultSet row, int column) throws SQLException {
    var bytes = row.getBytes(column);
    return bytes == null ? "" : new String(bytes, ISO_8859_1);
  }

  private long unusable() throws SQLException {
    if (!has("file", "fid", "dmid", "dkey") || !has("domain", "dmid")) {
      return 0;
    }
    return queries.count("file WHERE fid = 0")
        + queries.count(
            "domain JOIN file ON file.dmid = domain.dmid AND (file.dkey = '' OR file.dkey IS"
                + " NULL)");
  }
}
