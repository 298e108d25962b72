package io.hayloft.protocol;

import java.util.Locale;
import java.util.Optional;

/**
 * One request to a tracker: a command word in lower case and its arguments.
 *
 * @param command empty when the line did not begin with a word; no such command exists
 */
public record Request(String command, Arguments arguments) {

  public Request {
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (!isWord(c) || (c >= 'A' && c <= 'Z')) {
        throw new IllegalArgumentException("not a command in lower case: " + command);
      }
    }
  }

  /**
   * Reads a line without its end-of-line. Never fails: whatever is not a command is answered as an
   * unknown one. Blanks between the word and the arguments are optional, as the original has it.
   */
  public static Request parse(String line) {
    int start = 0;
    while (start < line.length() && isBlank(line.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < line.length() && isWord(line.charAt(end))) {
      end++;
    }
    int rest = end;
    while (rest < line.length() && isBlank(line.charAt(rest))) {
      rest++;
    }
    return new Request(
        line.substring(start, end).toLowerCase(Locale.ROOT), Arguments.parse(line.substring(rest)));
  }

  /** What the client wants echoed with the reply, so that it can tell whose reply it is. */
  public Optional<String> callid() {
    return arguments.get("callid");
  }

  /** The line to send, with its end. */
  public String line() {
    return arguments.values().isEmpty()
        ? command + "\r\n"
        : command + " " + arguments.encode() + "\r\n";
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
