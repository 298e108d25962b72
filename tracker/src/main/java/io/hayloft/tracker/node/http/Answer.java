package io.hayloft.tracker.node.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** How a request to a storage node ended. */
sealed interface Answer {

  /**
   * The node replied, well or badly.
   *
   * @param body one char per byte
   */
  record Replied(int status, HttpFields headers, String body) implements Answer {

    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /**
   * No reply, or only a part of one.
   *
   * @param slow whether that took as long as an answer may take, rather than failing at once
   */
  record Failed(boolean slow, String why) implements Answer {}

  /** For messages: what is wrong with an answer that is not a success. */
  default String complaint() {
    return switch (this) {
      case Replied replied -> "HTTP " + replied.status();
      case Failed failed -> failed.why();
    };
  }

  /**
   * The length that a reply states; negative when it states none. One server leaves the header out
   * for empty files.
   */
  static long contentLength(HttpFields headers) {
    long stated = headers.getLongField(HttpHeader.CONTENT_LENGTH);
    var server = headers.get(HttpHeader.SERVER);
    return stated < 0 && server != null && server.startsWith("lighttpd") ? 0 : stated;
  }
}
