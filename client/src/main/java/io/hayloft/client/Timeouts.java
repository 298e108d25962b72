package io.hayloft.client;

import java.time.Duration;
import java.util.List;

/**
 * How long the client waits for what.
 *
 * @param connect to reach a tracker or a storage node
 * @param reply for a tracker's answer to an ordinary command
 * @param slowReply for its answer to a command that may rightly take long: a close that reads the
 *     file back or waits for copies, a refresh of the caches
 * @param overall for one command on all trackers together, the slow ones apart
 * @param transfer for a storage node to send or take the next bytes; not for the whole file
 */
public record Timeouts(
    Duration connect, Duration reply, Duration slowReply, Duration overall, Duration transfer) {

  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10));

  public Timeouts {
    for (var each : List.of(connect, reply, slowReply, overall, transfer)) {
      if (each.isNegative() || each.isZero() || each.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("a time-out is more than 0 and at most a day: " + each);
      }
    }
  }

  public Timeouts connect(Duration time) {
    return new Timeouts(time, reply, slowReply, overall, transfer);
  }

  public Timeouts reply(Duration time) {
    return new Timeouts(connect, time, slowReply, overall, transfer);
  }

  public Timeouts slowReply(Duration time) {
    return new Timeouts(connect, reply, time, overall, transfer);
  }

  public Timeouts overall(Duration time) {
    return new Timeouts(connect, reply, slowReply, time, transfer);
  }

  public Timeouts transfer(Duration time) {
    return new Timeouts(connect, reply, slowReply, overall, time);
  }
}
