package io.hayloft.cli.takeover;

import io.hayloft.runtime.config.OriginalFile;
import java.util.List;

/** Each line of a configuration file of the original. Values are not shown: some are passwords. */
final class ConfigFindings {

  private ConfigFindings() {}

  static List<Finding> of(OriginalFile file) {
    return file.lines().stream().map(line -> finding(file.name(), line)).toList();
  }

  private static Finding finding(String name, OriginalFile.Line line) {
    var where = "%s line %d%s".formatted(name, line.number(), named(line.key()));
    return switch (line.fate()) {
      case ADOPTED -> Finding.adopted(where, "Read as " + line.sentence() + ".");
      case IGNORED -> Finding.differs(where, "Has no effect here: " + line.sentence() + ".");
      case UNKNOWN ->
          Finding.blocks(
              where, "The key " + line.sentence() + ".", "Mend or remove the line in a copy.");
      case WRONG ->
          Finding.blocks(
              where, "The value " + line.sentence() + ".", "Mend or remove the line in a copy.");
      case UNREADABLE ->
          Finding.blocks(where, "The line " + line.sentence() + ".", "Mend or remove the line.");
    };
  }

  private static String named(String key) {
    return key.isEmpty() ? "" : ": " + key;
  }
}
