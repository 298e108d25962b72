package io.hayloft.runtime.config;

import io.hayloft.runtime.config.ConfigProblem.Code;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A configuration file of either format: YAML (of which JSON is a part), or the original's lines
 * {@code key = value}. The name decides for {@code .yaml}, {@code .yml} and {@code .json};
 * otherwise the first line that says anything does, because the original's files have names that
 * people chose.
 */
final class ConfigFile {

  /** A configuration is written by a person; a larger file was named by mistake. */
  private static final long LARGEST = 1 << 20;

  private static final Pattern YAML_NAME = Pattern.compile(".*\\.(yaml|yml|json)");
  private static final Pattern YAML_LINE =
      Pattern.compile("---.*|[{%].*|[\"']?[\\w.-]+[\"']?:(\\s.*)?");
  private static final Pattern ORIGINAL_LINE = Pattern.compile("\\w+\\s*=.*");

  private ConfigFile() {}

  /** The values by dotted key; empty with a problem when the file cannot be read. */
  static Map<String, Given> read(Path file, Optional<OriginalConfig> original, Problems problems) {
    try {
      if (Files.size(file) > LARGEST) {
        problems.add(Code.UNREADABLE, file.toString(), "is too large for a configuration file");
        return Map.of();
      }
      var text = Files.readString(file);
      if (!isOriginal(file, text)) {
        return YamlFile.read(file.toString(), text, problems);
      } else if (original.isPresent()) {
        return original.get().read(file.toString(), text, problems);
      }
      problems.add(
          Code.UNREADABLE, file.toString(), "is not YAML: lines \"key = value\" are not read here");
    } catch (NoSuchFileException e) {
      problems.add(Code.UNREADABLE, file.toString(), "there is no such file");
    } catch (CharacterCodingException e) {
      problems.add(Code.UNREADABLE, file.toString(), "is not UTF-8 text");
    } catch (IOException e) {
      problems.add(Code.UNREADABLE, file.toString(), "cannot be read: " + e.getMessage());
    }
    return Map.of();
  }

  static boolean isOriginal(Path file, String text) {
    var name = file.toString().toLowerCase(Locale.ROOT);
    if (YAML_NAME.matcher(name).matches()) {
      return false;
    }
    var first =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .findFirst()
            .orElse("");
    return name.endsWith(".conf")
        ? !YAML_LINE.matcher(first).matches()
        : ORIGINAL_LINE.matcher(first).matches();
  }
}
