package io.hayloft.runtime.config;

import java.net.InetSocketAddress;

/**
 * Where a server listens or is reached: {@code 0.0.0.0:7001}, {@code [::1]:7001}.
 *
 * @param host a name or a literal address, an IPv6 one without its brackets
 * @param port 0 to let the system choose
 */
public record Address(String host, int port) {

  private static final String ALL_INTERFACES = "0.0.0.0";

  public Address {
    if (host.isBlank()) {
      throw new IllegalArgumentException("an address needs a host, as in 0.0.0.0:7001");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
  }

  /**
   * Reads {@code host:port}, {@code [v6]:port}, {@code :port} and {@code port}; the last two mean
   * all interfaces.
   *
   * @throws IllegalArgumentException for anything else; an IPv6 address must stand in brackets,
   *     since its last group could be taken for a port
   */
  public static Address parse(String text) {
    var trimmed = text.trim();
    int colon = trimmed.lastIndexOf(':');
    var host = colon <= 0 ? ALL_INTERFACES : trimmed.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("write an IPv6 address as [address]:port, not " + text);
    }
    return new Address(host, port(trimmed.substring(colon + 1), text));
  }

  private static int port(String digits, String text) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an address (host:port): " + text, e);
    }
  }

  /** The same address with another port, for a server that let the system choose. */
  public Address withPort(int chosen) {
    return new Address(host, chosen);
  }

  /** For opening a socket; a host name is looked up now. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
