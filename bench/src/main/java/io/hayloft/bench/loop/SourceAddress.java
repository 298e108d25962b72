package io.hayloft.bench.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of this machine that clients come from: one has too few ports for very many.
 *
 * <p>The first come from wherever the kernel likes, because a client that asks for an address of
 * its own costs it a search for a port: 7,000 of them took 1.4 s instead of 0.4, and more than a
 * minute while as many ports of other connections were not free again yet.
 */
final class SourceAddress {

  /** Fewer than the ports that Linux gives out by itself. */
  private static final int OF_ANY_ADDRESS = 20_000;

  private static final int OF_ONE_ADDRESS = 8_000;
  private static final int FIRST_ADDRESS = 100;

  private SourceAddress() {}

  /** Where a client comes from that asks somebody on this machine; nothing for anywhere. */
  static @Nullable InetSocketAddress of(int client) throws IOException {
    if (client < OF_ANY_ADDRESS) {
      return null;
    }
    int number = FIRST_ADDRESS + (client - OF_ANY_ADDRESS) / OF_ONE_ADDRESS;
    return new InetSocketAddress(
        InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number}), 0);
  }
}
