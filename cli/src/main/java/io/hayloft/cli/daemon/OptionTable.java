package io.hayloft.cli.daemon;

import io.hayloft.runtime.config.Nearest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The options of one of the original's programs, and how it reads a command line: a long name may
 * be shortened as far as it stays unambiguous and its case does not matter; a value stands behind
 * {@code =} or is the next word; a switch is denied by {@code no} before its name. Scripts that
 * start daemons have relied on that for many years.
 */
final class OptionTable {

  /** What stands behind an option. */
  enum Takes {
    VALUE,
    /** A value, and each further one is added to the list. */
    LIST,
    NOTHING
  }

  /**
   * An option.
   *
   * @param letter its short form, empty where there is none
   * @param key the key of the program's file that means the same; empty where the file has none
   */
  private record Option(String name, String letter, Takes takes, Optional<String> key) {}

  /**
   * A command line that was read.
   *
   * @param keys values by the keys that the program's file has for them
   * @param others values by the names of the options that the file has no key for
   */
  record Parsed(Map<String, String> keys, Map<String, String> others) {

    Parsed {
      keys = Map.copyOf(keys);
      others = Map.copyOf(others);
    }

    boolean has(String name) {
      return others.containsKey(name);
    }

    Optional<String> other(String name) {
      return Optional.ofNullable(others.get(name));
    }
  }

  private final Map<String, Option> options = new LinkedHashMap<>();

  /** An option that stands for a key of the file. */
  OptionTable key(String name, String letter, Takes takes, String key) {
    return add(new Option(name, letter, takes, Optional.of(key)));
  }

  /** Options that are called as the keys they stand for. */
  OptionTable keys(Takes takes, String... names) {
    for (var name : names) {
      key(name, "", takes, name);
    }
    return this;
  }

  /** An option that the file has no key for. */
  OptionTable other(String name, String letter, Takes takes) {
    return add(new Option(name, letter, takes, Optional.empty()));
  }

  private OptionTable add(Option option) {
    if (options.put(option.name(), option) != null) {
      throw new IllegalStateException("two options are called --" + option.name());
    }
    return this;
  }

  /** All names, for a help text. */
  String synopsis() {
    return options.values().stream()
        .map(
            option ->
                "--"
                    + option.name()
                    + (option.letter().isEmpty() ? "" : "|-" + option.letter())
                    + (option.takes() == Takes.NOTHING ? "" : "=…"))
        .collect(Collectors.joining(" "));
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence, when it has an option that is not in the
   *     table or a word that belongs to none
   */
  Parsed parse(List<String> words) {
    var keys = new LinkedHashMap<String, String>();
    var others = new LinkedHashMap<String, String>();
    var rest = words.iterator();
    while (rest.hasNext()) {
      read(rest.next(), rest, keys, others);
    }
    return new Parsed(keys, others);
  }

  private void read(
      String word, Iterator<String> rest, Map<String, String> keys, Map<String, String> others) {
    if (!word.startsWith("-") || word.equals("-")) {
      throw new IllegalArgumentException("there is no room for " + word);
    }
    int equals = word.indexOf('=');
    var name = (equals < 0 ? word : word.substring(0, equals)).replaceFirst("^--?", "");
    boolean isLong = word.startsWith("--");
    var found = isLong ? byName(name) : byLetter(name).or(() -> byName(name));
    boolean denied = found.isEmpty();
    var option = found.or(() -> denied(name)).orElseThrow(() -> unknown(word, name));
    String value;
    if (option.takes() == Takes.NOTHING) {
      value = denied ? "0" : equals < 0 ? "1" : word.substring(equals + 1);
    } else if (equals >= 0) {
      value = word.substring(equals + 1);
    } else if (rest.hasNext()) {
      value = rest.next();
    } else {
      throw new IllegalArgumentException("option --" + option.name() + " needs a value");
    }
    var values = option.key().isPresent() ? keys : others;
    var key = option.key().orElse(option.name());
    values.merge(key, value, (old, next) -> option.takes() == Takes.LIST ? old + "," + next : next);
  }

  private Optional<Option> byLetter(String letter) {
    return options.values().stream()
        .filter(option -> !letter.isEmpty() && option.letter().equals(letter))
        .findFirst();
  }

  /** The option of that name, else the only one whose name begins so. */
  private Optional<Option> byName(String given) {
    var name = given.toLowerCase(Locale.ROOT);
    var exact = options.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    var matches = new ArrayList<Option>();
    options.forEach(
        (known, option) -> {
          if (known.startsWith(name)) {
            matches.add(option);
          }
        });
    if (matches.size() > 1 && !name.isEmpty()) {
      throw new IllegalArgumentException(
          "option --%s may mean %s"
              .formatted(
                  given,
                  matches.stream()
                      .map(each -> "--" + each.name())
                      .collect(Collectors.joining(", "))));
    }
    return name.isEmpty() ? Optional.empty() : matches.stream().findFirst();
  }

  private Optional<Option> denied(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("no")
        ? byName(name.substring(2).replaceFirst("^-", ""))
            .filter(option -> option.takes() == Takes.NOTHING)
        : Optional.empty();
  }

  private IllegalArgumentException unknown(String word, String name) {
    return new IllegalArgumentException(
        "there is no option "
            + word.replaceFirst("=.*", "")
            + Nearest.hint(name, new TreeSet<>(options.keySet())));
  }
}
