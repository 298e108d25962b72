package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All commands with their arguments and the codes that they refuse with: {@code
 * src/test/resources/commands.txt}, the one place that lists them. Lines of {@code command |
 * arguments | codes | where}; the last column names the test that plays a command's conversation
 * when it is not among the transcripts.
 */
final class CommandTable {

  private static final Path FILE = Path.of("src", "test", "resources", "commands.txt");

  private CommandTable() {}

  /**
   * @param elsewhere the test that shows it, or empty: then the transcripts must
   */
  record Entry(String command, List<String> arguments, List<String> codes, String elsewhere) {}

  static List<Entry> entries() {
    try {
      var entries = new ArrayList<Entry>();
      for (var line : Files.readAllLines(FILE, UTF_8)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          var columns = line.split("\\|", -1);
          entries.add(
              new Entry(
                  columns[0].strip(),
                  words(columns[1]),
                  words(columns[2]),
                  columns.length > 3 ? columns[3].strip() : ""));
        }
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> words(String column) {
    return column.isBlank() ? List.of() : List.of(column.strip().split(" +"));
  }
}
