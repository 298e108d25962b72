package io.hayloft.cli.takeover;

import io.hayloft.runtime.config.OriginalFile;
import io.hayloft.schema.survey.Survey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All that is to be said of an installation, the gravest first. */
public final class Takeover {

  private Takeover() {}

  /** What a configuration file of the original means here. */
  public static List<Finding> ofFile(OriginalFile file) {
    return ConfigFindings.of(file);
  }

  /** What a database means here. */
  public static List<Finding> ofDatabase(Survey survey) {
    var findings = new ArrayList<Finding>();
    findings.addAll(ServerFindings.of(survey.server()));
    var tables = TableFindings.of(survey);
    findings.addAll(tables);
    if (survey.tables().containsKey("file")) {
      findings.addAll(KeyFindings.of(survey));
      findings.addAll(FidFindings.of(survey));
      findings.addAll(RegistryFindings.of(survey.rows()));
      findings.addAll(FileFindings.of(survey));
      findings.addAll(SettingFindings.of(survey.rows().settings()));
      findings.addAll(QueueFindings.of(survey.queues()));
    }
    survey
        .skipped()
        .forEach(what -> findings.add(Finding.look("not looked at", what, "Look by hand.")));
    return findings;
  }

  /** The database did not answer. */
  public static Finding unreachable(String reason) {
    return Finding.blocks(
        "database", "It cannot be read: " + reason, "Mend the address, the account or the server.");
  }

  public static List<Finding> sorted(List<Finding> findings) {
    return findings.stream().sorted(Comparator.comparing(Finding::verdict)).toList();
  }

  public static boolean isBlocked(List<Finding> findings) {
    return findings.stream().anyMatch(each -> each.verdict() == Finding.Verdict.BLOCKS);
  }
}
