package io.hayloft.tracker.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a host is reached.
 *
 * @param ip IPv4, dotted
 * @param httpPort for everything that writes
 * @param getPort for reads by clients, where it is not the same
 * @param altIp the address that clients within {@code altMask} use
 * @param altMask as an operator wrote it; one that cannot be read matches nobody
 */
public record HostAddresses(
    String ip,
    int httpPort,
    OptionalInt getPort,
    Optional<String> altIp,
    Optional<String> altMask) {

  /** An address with nothing special about it. */
  public static HostAddresses of(String ip, int httpPort) {
    return new HostAddresses(ip, httpPort, OptionalInt.empty(), Optional.empty(), Optional.empty());
  }

  public int readPort() {
    return getPort.orElse(httpPort);
  }

  /** The address for a client that asked for the alternate one, or that sits within the mask. */
  public String ipFor(Caller caller) {
    if (altIp.isEmpty()) {
      return ip;
    }
    boolean alternate =
        caller.wantsAlternate()
            || altMask
                .flatMap(Netmask::parse)
                .filter(mask -> mask.contains(caller.ip()))
                .isPresent();
    return alternate ? altIp.get() : ip;
  }
}
