package io.hayloft.node.http;

import io.hayloft.node.blob.OpenBlob;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * By what a client can tell whether a file is the one it knows: the date and the tag.
 *
 * @param tag with its quotes
 */
record Validators(String lastModified, long modifiedSeconds, String tag) {

  static Validators of(OpenBlob blob) {
    return new Validators(blob.modifiedText(), blob.modifiedSeconds(), blob.tag());
  }

  /** Whether the client has this very file. A tag, if it sends one, decides alone (RFC 9110). */
  boolean isKnownTo(HttpFields request) {
    var tags = request.getField(HttpHeader.IF_NONE_MATCH);
    if (tags != null) {
      return request.getCSV(HttpHeader.IF_NONE_MATCH, true).stream().anyMatch(this::matchesWeakly);
    }
    var since = request.get(HttpHeader.IF_MODIFIED_SINCE);
    return since != null && modifiedSeconds <= seconds(since);
  }

  /** Whether a range may be answered: not if the client's other parts are of another file. */
  boolean allowRange(HttpFields request) {
    var condition = request.get(HttpHeader.IF_RANGE);
    if (condition == null) {
      return true;
    }
    return condition.startsWith("\"")
        ? condition.equals(tag)
        : modifiedSeconds == seconds(condition);
  }

  private boolean matchesWeakly(String candidate) {
    var strong = candidate.startsWith("W/") ? candidate.substring(2) : candidate;
    return strong.equals("*") || strong.equals(tag);
  }

  /** Seconds since the epoch, or a time before every file when the text is no date. */
  private static long seconds(String date) {
    long millis = HttpDateTime.parseToEpoch(date);
    return millis < 0 ? Long.MIN_VALUE : millis / 1_000;
  }
}
