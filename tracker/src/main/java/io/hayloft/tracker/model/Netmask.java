package io.hayloft.tracker.model;

import java.util.Optional;

/**
 * A set of IPv4 addresses that share their first bits.
 *
 * @param network the shared bits, the others zero
 * @param mask ones for the shared bits
 */
public record Netmask(int network, int mask) {

  /**
   * Reads {@code 10.0.0.0/8}, {@code 10.0.0.0/255.0.0.0}, {@code 10.0.0.0:255.0.0.0}, {@code
   * 10.1.2.3}.
   */
  public static Optional<Netmask> parse(String text) {
    int separator = Math.max(text.indexOf('/'), text.indexOf(':'));
    var address = ipv4(separator < 0 ? text : text.substring(0, separator));
    var mask = separator < 0 ? Optional.of(-1) : mask(text.substring(separator + 1));
    return address.flatMap(a -> mask.map(m -> new Netmask(a & m, m)));
  }

  private static Optional<Integer> mask(String text) {
    if (text.matches("[0-9]{1,2}")) {
      int bits = Integer.parseInt(text);
      return bits > 32 ? Optional.empty() : Optional.of(bits == 0 ? 0 : -1 << (32 - bits));
    }
    return ipv4(text);
  }

  /** The number behind a dotted address; empty when it is not one. */
  static Optional<Integer> ipv4(String text) {
    var parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int address = 0;
    for (var part : parts) {
      if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      address = address << 8 | Integer.parseInt(part);
    }
    return Optional.of(address);
  }

  /** How many leading bits are shared: more means a narrower network. */
  public int length() {
    return Integer.bitCount(mask);
  }

  public boolean contains(String ip) {
    return ipv4(ip).map(this::contains).orElse(false);
  }

  boolean contains(int address) {
    return (address & mask) == network;
  }
}
