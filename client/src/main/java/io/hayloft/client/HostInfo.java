package io.hayloft.client;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host of storage devices.
 *
 * @param status the tracker's word for its state, which a newer one may have more of than {@link
 *     HostState} knows
 */
public record HostInfo(int id, String name, String status, Address address, Alternate alternate) {

  /**
   * Where its HTTP server is.
   *
   * @param ip empty when none was given
   * @param port for everything
   * @param getPort for reading, where that is another
   */
  public record Address(String ip, int port, OptionalInt getPort) {}

  /**
   * The address for clients of another network.
   *
   * @param mask which clients those are, as {@code 10.0.0.0/8}
   */
  public record Alternate(Optional<String> ip, Optional<String> mask) {}

  public Optional<HostState> state() {
    return HostState.named(status);
  }
}
