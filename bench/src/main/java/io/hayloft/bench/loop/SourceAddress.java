package io.hayloft.bench.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses of this machine that clients come from: one has too few ports for very many. */
final class SourceAddress {

  private static final int OF_ONE_ADDRESS = 8_000;
  private static final int FIRST_ADDRESS = 100;

  private SourceAddress() {}

  /** Where a client comes from that asks somebody on this machine. */
  static InetSocketAddress of(int client) throws IOException {
    int number = FIRST_ADDRESS + client / OF_ONE_ADDRESS;
    return new InetSocketAddress(
        InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number}), 0);
  }
}
