package io.hayloft.runtime.config;

import static java.util.Objects.requireNonNull;

import io.hayloft.runtime.config.ConfigProblem.Code;
import io.hayloft.runtime.config.OriginalFile.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a configuration file of the original's daemons is read: lines {@code key = value}, and for
 * each of its keys what becomes of it here. A daemon owns its table and gives it to {@link
 * ConfigSources}; a key that is not in the table is refused with the nearest one that is.
 *
 * <p>The original refuses {@code a=b} without blanks in one daemon and takes it in the other; it is
 * taken here. A key that stands twice counts once, the last time, as it did there, unless the table
 * calls it a list.
 */
public final class OriginalConfig {

  private static final Logger log = LoggerFactory.getLogger(OriginalConfig.class);
  private static final Pattern LINE = Pattern.compile("(\\w+)\\s*=\\s*(.*)");
  private static final String NO_PAIR = "is not of the form key = value";

  private final Comments comments;
  private final Map<String, String> ignored;
  private final Set<String> lists;
  private final List<Rule> rules;

  private OriginalConfig(Builder builder) {
    comments = builder.comments;
    ignored = Map.copyOf(builder.ignored);
    lists = Set.copyOf(builder.lists);
    rules = List.copyOf(builder.rules);
  }

  /** Where a comment may begin. */
  public enum Comments {
    /** {@code #} is a comment as the first character of a line only: passwords may hold one. */
    WHOLE_LINES,
    /** {@code #} begins a comment wherever it stands. */
    ANYWHERE
  }

  /**
   * Turns values of the original into ours.
   *
   * <p>It is given those of its keys that the file has, at least one, and returns dotted keys of
   * ours with texts as a file would have them. {@link IllegalArgumentException} means that a value
   * makes no sense; its message is a sentence for people.
   */
  @FunctionalInterface
  public interface Converter {
    Map<String, String> convert(Map<String, String> values);
  }

  private record Rule(Set<String> keys, Converter converter) {}

  /** A value and where it stands: a line of the file, or an option of a command line. */
  private record Line(String where, String value) {}

  /** A line as it stands; the key is empty where it is not of the form. */
  private record Raw(int number, String key, String value) {}

  public static Builder builder(Comments comments) {
    return new Builder(comments);
  }

  Map<String, Given> read(String file, String text, Problems problems) {
    var lines = lines(file, text, problems);
    var values = values(lines, lines.keySet(), problems);
    lines.forEach((key, line) -> handleTheRest(key, line, problems));
    return values;
  }

  /**
   * What options of the original's command line, laid over its file, make of those settings of ours
   * that any of them has a part in. What is wrong with the file alone is for {@link #read} to say.
   */
  Map<String, Given> readOptions(
      String file, String text, Map<String, String> options, Problems problems) {
    var lines = lines(file, text, new Problems());
    var given = new LinkedHashMap<String, Line>();
    options.forEach((key, value) -> given.put(key, new Line("the command line", value)));
    lines.putAll(given);
    var values = values(lines, options.keySet(), problems);
    given.forEach((key, line) -> handleTheRest(key, line, problems));
    return values;
  }

  /** The settings of all rules that one of these keys is part of. */
  private Map<String, Given> values(
      Map<String, Line> lines, Set<String> touched, Problems problems) {
    var values = new LinkedHashMap<String, Given>();
    for (var rule : rules) {
      var given = given(rule, lines);
      if (rule.keys().stream().anyMatch(touched::contains)) {
        var source = source(lines, given.keySet());
        convert(rule, given, source, problems)
            .forEach((name, value) -> values.put(name, new Given.One(source, value)));
      }
    }
    return values;
  }

  private static Map<String, String> given(Rule rule, Map<String, Line> lines) {
    var given = new LinkedHashMap<String, String>();
    for (var key : rule.keys()) {
      var line = lines.get(key);
      if (line != null) {
        given.put(key, line.value());
      }
    }
    return given;
  }

  private static Map<String, String> convert(
      Rule rule, Map<String, String> given, String source, Problems problems) {
    try {
      return rule.converter().convert(given);
    } catch (IllegalArgumentException e) {
      problems.add(Code.BAD_VALUE, source, String.valueOf(e.getMessage()));
      return Map.of();
    }
  }

  private static String source(Map<String, Line> lines, Set<String> keys) {
    return keys.stream()
        .map(key -> place(key, requireNonNull(lines.get(key))))
        .collect(Collectors.joining(", "));
  }

  private static String place(String key, Line line) {
    return line.where() + ": " + key;
  }

  private void handleTheRest(String key, Line line, Problems problems) {
    var reason = ignored.get(key);
    if (reason != null) {
      log.info("{}: {} has no effect here: {}", line.where(), key, reason);
    } else if (rules.stream().noneMatch(rule -> rule.keys().contains(key))) {
      problems.add(
          Code.UNKNOWN_KEY, place(key, line), "is not a setting" + Nearest.hint(key, known()));
    }
  }

  private Set<String> known() {
    var known = new TreeSet<>(ignored.keySet());
    rules.forEach(rule -> known.addAll(rule.keys()));
    return known;
  }

  private Map<String, Line> lines(String file, String text, Problems problems) {
    var found = new LinkedHashMap<String, Line>();
    for (var raw : raw(text)) {
      if (raw.key().isEmpty()) {
        problems.add(Code.UNREADABLE, file + " line " + raw.number(), NO_PAIR);
      } else {
        put(found, raw.key(), new Line(file + " line " + raw.number(), raw.value()));
      }
    }
    return found;
  }

  private List<Raw> raw(String text) {
    var found = new ArrayList<Raw>();
    int number = 0;
    for (var each : text.lines().toList()) {
      number++;
      var content = withoutComment(each).strip();
      if (!content.isEmpty()) {
        var line = LINE.matcher(content);
        found.add(
            line.matches()
                ? new Raw(number, line.group(1), line.group(2))
                : new Raw(number, "", ""));
      }
    }
    return found;
  }

  /**
   * What each line of such a file means here, for people who want to know it before they use the
   * file; empty for a file of our own format. A value that makes no sense is no failure.
   */
  public Optional<OriginalFile> explain(Path path) throws IOException {
    var text = Files.readString(path);
    if (!ConfigFile.isOriginal(path, text)) {
      return Optional.empty();
    }
    var lines = lines(path.toString(), text, new Problems());
    var values = new LinkedHashMap<String, String>();
    var ours = new HashMap<String, String>();
    var wrong = new HashMap<String, String>();
    for (var rule : rules) {
      var given = given(rule, lines);
      if (!given.isEmpty()) {
        try {
          var converted = rule.converter().convert(given);
          values.putAll(converted);
          var names = String.join(", ", new TreeSet<>(converted.keySet()));
          given.keySet().forEach(key -> ours.put(key, names.isEmpty() ? "nothing" : names));
        } catch (IllegalArgumentException e) {
          given.keySet().forEach(key -> wrong.put(key, String.valueOf(e.getMessage())));
        }
      }
    }
    var explained = raw(text).stream().map(raw -> explained(raw, ours, wrong)).toList();
    return Optional.of(new OriginalFile(path.toString(), explained, values));
  }

  private OriginalFile.Line explained(
      Raw raw, Map<String, String> ours, Map<String, String> wrong) {
    var key = raw.key();
    if (key.isEmpty()) {
      return new OriginalFile.Line(raw.number(), "", Fate.UNREADABLE, NO_PAIR);
    }
    var reason = ignored.get(key);
    if (reason != null) {
      return new OriginalFile.Line(raw.number(), key, Fate.IGNORED, reason);
    }
    var problem = wrong.get(key);
    if (problem != null) {
      return new OriginalFile.Line(raw.number(), key, Fate.WRONG, problem);
    }
    var names = ours.get(key);
    return names != null
        ? new OriginalFile.Line(raw.number(), key, Fate.ADOPTED, names)
        : new OriginalFile.Line(
            raw.number(), key, Fate.UNKNOWN, "is not a setting" + Nearest.hint(key, known()));
  }

  private String withoutComment(String line) {
    int hash = line.indexOf('#');
    return switch (comments) {
      case WHOLE_LINES -> line.stripLeading().startsWith("#") ? "" : line;
      case ANYWHERE -> hash < 0 ? line : line.substring(0, hash);
    };
  }

  private void put(Map<String, Line> found, String key, Line line) {
    var earlier = found.get(key);
    if (earlier == null) {
      found.put(key, line);
    } else if (lists.contains(key)) {
      found.put(key, new Line(earlier.where(), earlier.value() + "," + line.value()));
    } else {
      log.warn("{}: {} replaces {}", line.where(), key, earlier.where());
      found.put(key, line);
    }
  }

  /** The table: each key of the original once. */
  public static final class Builder {

    private final Comments comments;
    private final Map<String, String> ignored = new HashMap<>();
    private final Set<String> lists = new LinkedHashSet<>();
    private final List<Rule> rules = new ArrayList<>();

    private Builder(Comments comments) {
      this.comments = comments;
    }

    /** The value means the same here, under our name. */
    public Builder key(String original, String ours) {
      return converted(original, ours, Function.identity());
    }

    /** As {@link #key}, and lines that repeat it add to its list. */
    public Builder list(String original, String ours) {
      lists.add(original);
      return key(original, ours);
    }

    /**
     * The value is written differently here.
     *
     * @param convert throws {@link IllegalArgumentException} when it makes no sense
     */
    public Builder converted(String original, String ours, Function<String, String> convert) {
      return together(
          Set.of(original),
          values -> {
            var texts = new HashMap<String, String>();
            values.forEach((key, value) -> texts.put(ours, convert.apply(value)));
            return texts;
          });
    }

    /** Several keys of the original make one or more of ours. */
    public Builder together(Set<String> originals, Converter converter) {
      originals.forEach(this::claim);
      rules.add(new Rule(new TreeSet<>(originals), converter));
      return this;
    }

    /** The key is accepted, and the reason why it does nothing is logged. */
    public Builder ignored(String original, String reason) {
      claim(original);
      ignored.put(original, reason);
      return this;
    }

    public OriginalConfig build() {
      return new OriginalConfig(this);
    }

    private void claim(String original) {
      if (ignored.containsKey(original)
          || rules.stream().anyMatch(rule -> rule.keys().contains(original))) {
        throw new IllegalStateException(original + " stands twice in the table");
      }
    }
  }
}
