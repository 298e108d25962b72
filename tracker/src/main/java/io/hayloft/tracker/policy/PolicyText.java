package io.hayloft.tracker.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A policy as it is written: a name, and in parentheses arguments with commas between, which may
 * have parentheses themselves. The comma after the last one is optional, and so are the parentheses
 * where there are no arguments.
 *
 * @param rest what follows the closing parenthesis
 */
record PolicyText(String name, List<String> arguments, String rest) {

  private static final Pattern NAME =
      Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_:]*)\\s*(\\(.*)?", Pattern.DOTALL);

  /**
   * @throws IllegalArgumentException when it is not of that form, with one line that says so
   */
  static PolicyText read(String text) {
    var matcher = NAME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("cannot read replication policy '" + text.strip() + "'");
    }
    var name = matcher.group(1);
    var tail = matcher.group(2);
    if (tail == null) {
      return new PolicyText(name, List.of(), "");
    }
    int end = closing(tail);
    if (end < 0) {
      throw new IllegalArgumentException("the parenthesis after '" + name + "' is not closed");
    }
    var arguments = split(tail.substring(1, end));
    if (arguments.contains("")) {
      throw new IllegalArgumentException("an argument of '" + name + "' is empty");
    }
    return new PolicyText(name, arguments, tail.substring(end + 1).strip());
  }

  /** Where the parenthesis is closed that a text begins with; -1 when it is not. */
  private static int closing(String text) {
    int open = 0;
    for (int i = 0; i < text.length(); i++) {
      open += depth(text.charAt(i));
      if (open == 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> split(String text) {
    var arguments = new ArrayList<String>();
    int open = 0;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      open += depth(text.charAt(i));
      if (open == 0 && text.charAt(i) == ',') {
        arguments.add(text.substring(begin, i).strip());
        begin = i + 1;
      }
    }
    var last = text.substring(begin).strip();
    if (!last.isEmpty()) {
      arguments.add(last);
    }
    return arguments;
  }

  private static int depth(char c) {
    return c == '(' ? 1 : c == ')' ? -1 : 0;
  }
}
