package io.hayloft.runtime.config;

/**
 * Where a server listens or is reached: {@code 0.0.0.0:7001}.
 *
 * @param port 0 to let the system choose
 */
public record Address(String host, int port) {

  public Address {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("an address needs a host, as in 0.0.0.0:7001");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
  }

  /** Reads {@code host:port}, {@code :port} and {@code port}, which both mean all interfaces. */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    var host = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
    try {
      return new Address(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an address (host:port): " + text, e);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
