package io.hayloft.cli.admin;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.Table;

/** The two ways in which people see a {@link FileSurvey}. */
final class SurveyTable {

  static final Table<FileSurvey.Line> RISK =
      new Table<FileSurvey.Line>()
          .words("domain", "domain", line -> line.domain)
          .words("class", "class", line -> line.fileClass)
          .numbers("files", "files", line -> line.files)
          .numbers("no copy", "files_without_copies", line -> line.withoutCopies)
          .numbers("one copy", "files_with_one_copy", line -> line.withOneCopy)
          .numbers("too few", "files_with_too_few_copies", line -> line.withTooFew);

  static final Table<FileSurvey.Line> SIZE =
      new Table<FileSurvey.Line>()
          .words("domain", "domain", line -> line.domain)
          .words("class", "class", line -> line.fileClass)
          .numbers("files", "files", line -> line.files)
          .numbers("size", "bytes", line -> line.bytes, line -> size(line.bytes))
          .numbers(
              "fullsize",
              "bytes_of_copies",
              line -> line.bytesOfCopies,
              line -> size(line.bytesOfCopies));

  private SurveyTable() {}

  private static String size(long bytes) {
    return Amounts.bytes((double) bytes);
  }
}
