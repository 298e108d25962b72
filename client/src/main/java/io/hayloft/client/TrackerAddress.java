package io.hayloft.client;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** Where a tracker listens. */
public record TrackerAddress(String host, int port) {

  public static final int DEFAULT_PORT = 7001;

  public TrackerAddress {
    requireNonNull(host, "host");
    if (host.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "a tracker is host or host:port with a port from 1 to 65535, not " + host + ":" + port);
    }
  }

  /** Reads {@code host}, {@code host:port} or {@code [v6 address]:port}. */
  public static TrackerAddress parse(String text) {
    var trimmed = text.strip();
    int bracket = trimmed.indexOf(']');
    int colon = trimmed.lastIndexOf(':');
    boolean hasPort = colon > bracket && (bracket >= 0 || trimmed.indexOf(':') == colon);
    var host = hasPort ? trimmed.substring(0, colon) : trimmed;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new TrackerAddress(
        host, hasPort ? port(trimmed.substring(colon + 1), text) : DEFAULT_PORT);
  }

  /** Reads addresses separated by commas. */
  public static List<TrackerAddress> parseList(String text) {
    var addresses = new ArrayList<TrackerAddress>();
    for (var piece : text.split(",", -1)) {
      if (!piece.isBlank()) {
        addresses.add(parse(piece));
      }
    }
    return List.copyOf(addresses);
  }

  private static int port(String digits, String whole) {
    if (!digits.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("not a port in the tracker address " + whole);
    }
    return Integer.parseInt(digits);
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
