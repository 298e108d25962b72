package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.RequestPath;
import java.util.ArrayList;
import java.util.List;

/** Reads the words of native requests, and spells what is free text in their answers. */
public final class Words {

  private static final int MOST_DIGITS = 18;
  private static final int LONGEST_REASON = 200;

  private Words() {}

  /** The words of a line, which are separated by one blank each. */
  public static List<String> of(String line) throws BadRequestException {
    var words = new ArrayList<String>(6);
    int from = 0;
    while (from <= line.length()) {
      int blank = line.indexOf(' ', from);
      int to = blank < 0 ? line.length() : blank;
      if (to == from) {
        throw new BadRequestException("An empty word in: " + reason(line));
      }
      words.add(line.substring(from, to));
      from = to + 1;
    }
    return words;
  }

  /** A file of a device; what can be written through the node's port, nothing else. */
  public static BlobPath path(String word) throws BadRequestException {
    if (RequestPath.forWriting(word) instanceof RequestPath.InDevice(var path)) {
      return path;
    }
    throw new BadRequestException("Not a path of a file: " + reason(word));
  }

  /** A whole number, 0 or more. */
  public static long number(String word, String what) throws BadRequestException {
    boolean plain = !word.isEmpty() && word.length() <= MOST_DIGITS;
    for (int i = 0; plain && i < word.length(); i++) {
      plain = word.charAt(i) >= '0' && word.charAt(i) <= '9';
    }
    if (!plain) {
      throw new BadRequestException("Not a number for " + what + ": " + reason(word));
    }
    return Long.parseLong(word);
  }

  /** Text that may be anything, as one line of bounded length. */
  public static String reason(String text) {
    var plain = new StringBuilder(Math.min(text.length(), LONGEST_REASON));
    for (int i = 0; i < text.length() && plain.length() < LONGEST_REASON; i++) {
      char c = text.charAt(i);
      plain.append(c < ' ' || c == 127 ? ' ' : c);
    }
    return plain.toString();
  }

  /** Why something failed, as one line. */
  public static String reason(Throwable why) {
    var message = why.getMessage();
    return reason(message == null || message.isBlank() ? why.getClass().getSimpleName() : message);
  }
}
