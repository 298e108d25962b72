package io.hayloft.tracker.policy;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads a policy as an operator writes it: {@code Name} or {@code Name(arguments)}, blanks allowed
 * between; nothing at all means {@code MultipleHosts()}. What follows the closing parenthesis is
 * not looked at, as in the original.
 */
public final class ReplicationPolicies {

  private static final Pattern TEXT =
      Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_:]*)\\s*(?:\\(([^()]*)\\).*)?\\s*", Pattern.DOTALL);
  private static final Pattern COUNT = Pattern.compile("\\s*([0-9]{0,9})\\s*");

  /** The policies that there are, by name; a further one is a line here and a class beside it. */
  private static final Map<String, Function<String, Parsed>> KNOWN =
      new TreeMap<>(
          Map.of(
              "MultipleHosts", arguments -> counted(arguments, MultipleHosts::new),
              "MultipleDevices", arguments -> counted(arguments, MultipleDevices::new)));

  private ReplicationPolicies() {}

  /** What a text says. */
  public sealed interface Parsed {

    record Known(ReplicationPolicy policy) implements Parsed {}

    /**
     * @param reason one line for whoever wrote it
     */
    record Unknown(String reason) implements Parsed {}
  }

  public static Parsed parse(String text) {
    if (text.isBlank()) {
      return new Parsed.Known(new MultipleHosts(OptionalInt.empty()));
    }
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return new Parsed.Unknown("cannot read replication policy '" + text.strip() + "'");
    }
    var known = KNOWN.get(matcher.group(1));
    if (known == null) {
      return new Parsed.Unknown(
          "no replication policy '"
              + matcher.group(1)
              + "'; there are "
              + String.join(", ", KNOWN.keySet()));
    }
    var arguments = matcher.group(2);
    return known.apply(arguments == null ? "" : arguments);
  }

  private static Parsed counted(String arguments, Function<OptionalInt, ReplicationPolicy> policy) {
    var matcher = COUNT.matcher(arguments);
    if (!matcher.matches()) {
      return new Parsed.Unknown("'" + arguments.strip() + "' is not a number of copies");
    }
    var digits = matcher.group(1);
    if (digits.isEmpty()) {
      return new Parsed.Known(policy.apply(OptionalInt.empty()));
    }
    int copies = Integer.parseInt(digits);
    return copies == 0
        ? new Parsed.Unknown("a file has at least one copy, not 0")
        : new Parsed.Known(policy.apply(OptionalInt.of(copies)));
  }
}
