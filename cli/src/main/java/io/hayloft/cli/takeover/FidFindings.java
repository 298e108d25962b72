package io.hayloft.cli.takeover;

import io.hayloft.cli.console.Amounts;
import io.hayloft.schema.survey.Survey;
import io.hayloft.schema.survey.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The numbers of files: how wide their columns are, and where the counter stands. */
final class FidFindings {

  /** From here on somebody should think of wider columns. */
  private static final double NEAR = 0.9;

  private FidFindings() {}

  static List<Finding> of(Survey survey) {
    var findings = new ArrayList<Finding>();
    var widths = new TreeMap<Long, TreeSet<String>>();
    for (var table : Blueprint.columns().keySet()) {
      var found = survey.tables().get(table);
      var fid = found == null ? null : found.columns().get("fid");
      if (fid != null) {
        widths.computeIfAbsent(end(fid), end -> new TreeSet<>()).add(table);
      }
    }
    if (widths.isEmpty()) {
      return findings;
    }
    long end = widths.firstKey();
    long highest = survey.files().highestFid();
    if (highest > end * NEAR) {
      findings.add(
          Finding.look(
              "fid",
              "The highest is %s, and the columns of %s end at %s: uploads will fail there."
                  .formatted(
                      Amounts.count(highest),
                      String.join(", ", widths.get(end)),
                      Amounts.count(end)),
              "Widen them to BIGINT UNSIGNED while the trackers are stopped"
                  + " (docs/migration.md)."));
    } else {
      findings.add(
          Finding.adopted(
              "fid",
              "The highest is %s; columns end at %s."
                  .formatted(Amounts.count(highest), Amounts.count(end))));
    }
    counter(survey, findings);
    return findings;
  }

  private static void counter(Survey survey, List<Finding> findings) {
    var tempfile = survey.tables().get("tempfile");
    var fid = tempfile == null ? null : tempfile.columns().get("fid");
    if (fid != null && !fid.counted()) {
      findings.add(
          Finding.blocks(
              "tempfile.fid",
              "Does not count up by itself, so uploads would get no number.",
              "Make it AUTO_INCREMENT."));
      return;
    }
    var next = survey.files().nextFid();
    if (next.isPresent() && next.getAsLong() <= survey.files().highestFid()) {
      findings.add(
          Finding.differs(
              "tempfile.fid",
              ("The counter stands at %s, below the highest fid in use (%s). The first upload"
                      + " moves it above; no number is given twice.")
                  .formatted(
                      Amounts.count(next.getAsLong()),
                      Amounts.count(survey.files().highestFid()))));
    }
  }

  /** The greatest fid that fits, of those that Java's long can hold. */
  private static long end(Column column) {
    int bits =
        switch (column.type()) {
          case "tinyint" -> 8;
          case "smallint" -> 16;
          case "mediumint" -> 24;
          case "int" -> 32;
          default -> 64;
        };
    boolean unsigned = column.fullType().contains("unsigned") && bits < 64;
    return Long.MAX_VALUE >>> (64 - bits - (unsigned ? 1 : 0));
  }
}
