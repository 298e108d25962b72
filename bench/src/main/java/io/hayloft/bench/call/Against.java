package io.hayloft.bench.call;

import io.hayloft.bench.cluster.TrackerLine;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Another tracker that a command is pointed at, and which runs already. */
public final class Against {

  private Against() {}

  /**
   * @param text host:port
   */
  public static InetSocketAddress address(String text, Voice voice) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      var place = new InetSocketAddress(text.substring(0, Math.max(0, colon)), port);
      if (colon < 1 || place.isUnresolved()) {
        throw new IllegalArgumentException("nobody is called so");
      }
      return place;
    } catch (IllegalArgumentException e) {
      throw voice.wrong("--against takes host:port, not " + text);
    }
  }

  /**
   * Refuses a tracker that is not there, or has not what is to be asked for: before anything else
   * is started, and in a sentence.
   *
   * @param good how an answer may begin
   */
  public static void mustAnswer(
      InetSocketAddress tracker, String question, List<String> good, Voice voice) {
    try (var line = TrackerLine.open(tracker)) {
      var answer = line.ask(question);
      if (good.stream().noneMatch(answer::startsWith)) {
        throw voice.wrong("the tracker at %s: %s → %s".formatted(tracker, question, answer));
      }
    } catch (UncheckedIOException e) {
      throw voice.wrong(e.getMessage() + ": " + e.getCause());
    }
  }
}
