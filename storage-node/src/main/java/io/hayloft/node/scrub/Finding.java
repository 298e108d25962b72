package io.hayloft.node.scrub;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.requests.BadRequestException;
import io.hayloft.node.requests.Words;
import java.util.Optional;

/**
 * A file that the node found to be damaged.
 *
 * @param when Unix time
 * @param reason one line for people
 */
record Finding(BlobPath path, long when, String reason) {

  Finding {
    reason = Words.reason(reason);
  }

  /** As it is kept and told. */
  String line() {
    return path + " " + when + " " + reason;
  }

  /** What a crash left of a line is nothing. */
  static Optional<Finding> parse(String line) {
    var words = line.split(" ", 3);
    if (words.length < 3 || !words[1].matches("\\d{1,12}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Finding(Words.path(words[0]), Long.parseLong(words[1]), words[2]));
    } catch (BadRequestException notAPath) {
      return Optional.empty();
    }
  }
}
