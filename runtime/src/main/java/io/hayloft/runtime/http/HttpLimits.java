package io.hayloft.runtime.http;

import java.time.Duration;

/**
 * The bounds of an HTTP server.
 *
 * @param threads at most so many, the two or more that accept and select included
 * @param connections at most so many; beyond them nothing is accepted until one is closed, and
 *     those that wait fill the accept queue
 * @param acceptQueue connections that the system keeps for us
 * @param idle a connection on which nothing moves for so long is closed
 * @param headerBytes of a request with its first line; more is answered 431
 * @param stopping how long requests that are being served may take to end when the server stops
 */
public record HttpLimits(
    int threads,
    int connections,
    int acceptQueue,
    Duration idle,
    int headerBytes,
    Duration stopping) {

  public HttpLimits {
    if (threads < 4 || connections < 1 || acceptQueue < 1 || headerBytes < 1024) {
      throw new IllegalArgumentException(
          "a server needs 4 threads, a connection, an accept queue and 1024 bytes of header");
    }
    if (!idle.isPositive() || stopping.isNegative()) {
      throw new IllegalArgumentException("time-outs are positive");
    }
  }

  /** For operators, their browsers and Prometheus. */
  public static HttpLimits small() {
    return new HttpLimits(8, 200, 64, Duration.ofSeconds(30), 8 * 1024, Duration.ofSeconds(2));
  }
}
