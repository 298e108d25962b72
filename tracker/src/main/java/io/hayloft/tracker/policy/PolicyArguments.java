package io.hayloft.tracker.policy;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What stands between the parentheses of a policy.
 *
 * <p>All methods that read throw {@link IllegalArgumentException} with one line for whoever wrote
 * the policy.
 */
public final class PolicyArguments {

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  private final List<String> texts;
  private final Function<String, ReplicationPolicy> reader;

  PolicyArguments(List<String> texts, Function<String, ReplicationPolicy> reader) {
    this.texts = List.copyOf(texts);
    this.reader = reader;
  }

  /** What stood between the commas, without blanks around it. */
  public List<String> texts() {
    return texts;
  }

  /** The only argument as a number of copies; empty when there is none. */
  public OptionalInt copies() {
    if (texts.size() > 1) {
      throw new IllegalArgumentException(
          "one number of copies at most, not '" + String.join(", ", texts) + "'");
    }
    return texts.isEmpty() ? OptionalInt.empty() : OptionalInt.of(copies(texts.getFirst()));
  }

  /** Every argument as a policy. */
  public List<ReplicationPolicy> policies() {
    return texts.stream().map(reader).toList();
  }

  /** A number of copies, of which there is at least one. */
  public static int copies(String text) {
    if (!COUNT.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a number of copies");
    }
    int copies = Integer.parseInt(text);
    if (copies == 0) {
      throw new IllegalArgumentException("a file has at least one copy, not 0");
    }
    return copies;
  }
}
