package io.hayloft.cli.takeover;

import io.hayloft.cli.console.Amounts;
import io.hayloft.schema.survey.Survey;
import io.hayloft.schema.survey.Survey.ClassRow;
import io.hayloft.schema.survey.Survey.DeviceRow;
import io.hayloft.schema.survey.Survey.DomainRow;
import io.hayloft.schema.survey.Survey.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Files and copies that refer to what is not there. */
final class FileFindings {

  private FileFindings() {}

  static List<Finding> of(Survey survey) {
    var findings = new ArrayList<Finding>();
    var rows = survey.rows();
    survey.files().groups().forEach(group -> group(group, rows, findings));
    var known = rows.devices().stream().map(DeviceRow::id).collect(Collectors.toSet());
    survey.files().devices().stream()
        .filter(device -> !known.contains(device))
        .forEach(
            device ->
                findings.add(
                    Finding.look(
                        "file_on",
                        "Has copies on dev%d, which is not registered: they are not read and count for nothing."
                            .formatted(device),
                        "Run fsck after the take-over, or register the device again.")));
    var file = survey.tables().get("file");
    findings.add(
        Finding.adopted(
            "files",
            "About %s.".formatted(Amounts.count(file == null ? 0 : file.estimatedRows(), "file"))));
    return findings;
  }

  private static void group(Survey.Group group, Rows rows, List<Finding> findings) {
    var domain =
        rows.domains().stream()
            .filter(each -> each.id() == group.domain())
            .map(DomainRow::name)
            .findFirst();
    if (domain.isEmpty()) {
      findings.add(
          Finding.look(
              "domain number " + group.domain(),
              "Is not there, and %s belong to it: no client can name them."
                  .formatted(some(group.files())),
              "Insert the domain's row again, or delete the files' rows."));
      return;
    }
    boolean hasClass =
        group.fileClass() == 0 || rows.classes().stream().anyMatch(row -> isClassOf(row, group));
    if (!hasClass) {
      findings.add(
          Finding.look(
              "class number %d of %s".formatted(group.fileClass(), domain.get()),
              "Is not there, and %s belong to it: they are kept as the class default says."
                  .formatted(some(group.files())),
              "Insert the class's row again, or give the files another class."));
    }
  }

  private static boolean isClassOf(ClassRow row, Survey.Group group) {
    return row.domain() == group.domain() && row.id() == group.fileClass();
  }

  private static String some(long files) {
    return files > Survey.COUNTED_TO
        ? "more than " + Amounts.count(Survey.COUNTED_TO, "file")
        : Amounts.count(files, "file");
  }
}
