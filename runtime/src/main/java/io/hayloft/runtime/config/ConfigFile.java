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
    var text = text(file, problems);
    if (text.isEmpty()) {
      return Map.of();
    }
    if (!isOriginal(file, text.get())) {
      return YamlFile.read(file.toString(), text.get(), problems);
    }
    if (original.isEmpty()) {
      problems.add(
          Code.UNREADABLE, file.toString(), "is not YAML: lines \"key = value\" are not read here");
      return Map.of();
    }
    return original.get().read(file.toString(), text.get(), problems);
  }

  /**
   * What options in the original's manner set. Some of them mean something only together with a
   * line of the file, as a port does with addresses, so the file is looked at again.
   */
  static Map<String, Given> readOptions(ConfigSources sources, Problems problems) {
    if (sources.originalOptions().isEmpty()) {
      return Map.of();
    }
    var file = sources.file();
    var lines =
        file.flatMap(path -> text(path, new Problems()).filter(text -> isOriginal(path, text)));
    return sources
        .original()
        .orElseThrow()
        .readOptions(
            file.map(Path::toString).orElse(""),
            lines.orElse(""),
            sources.originalOptions(),
            problems);
  }

  private static Optional<String> text(Path file, Problems problems) {
    try {
      if (Files.size(file) <= LARGEST) {
        return Optional.of(Files.readString(file));
      }
      problems.add(Code.UNREADABLE, file.toString(), "is too large for a configuration file");
    } catch (NoSuchFileException e) {
      problems.add(Code.UNREADABLE, file.toString(), "there is no such file");
    } catch (CharacterCodingException e) {
      problems.add(Code.UNREADABLE, file.toString(), "is not UTF-8 text");
    } catch (IOException e) {
      problems.add(Code.UNREADABLE, file.toString(), "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
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
