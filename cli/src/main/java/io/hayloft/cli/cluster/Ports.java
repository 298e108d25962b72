package io.hayloft.cli.cluster;

import io.hayloft.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of a cluster on the loopback network. Nodes share their ports, since each has an
 * address of its own: the database's hosts must differ in their addresses.
 *
 * @param tracker of the text protocol, on 127.0.0.1
 * @param ops of the tracker's pages and figures for people and monitoring
 * @param node of the bytes, on 127.0.0.1, 127.0.0.2 and so on
 * @param sidechannel of the nodes' management lines
 */
public record Ports(int tracker, int ops, int node, int sidechannel) {

  /** Where a cluster that stays is expected. */
  public static final Ports USUAL = new Ports(7001, 7080, 7500, 7501);

  /** Ports that nobody listens on now, on whatever address. */
  public static Ports free() {
    return new Ports(FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next());
  }

  private static boolean isFree(int port, int addresses) {
    for (int i = 1; i <= addresses; i++) {
      try (var socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address(i)), port));
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  /** The address of node 1, 2 and so on. */
  static String address(int node) {
    return "127.0.0." + node;
  }

  /** Those that somebody else listens on already. */
  List<Integer> taken(int nodes) {
    var taken = new ArrayList<Integer>();
    for (var port : List.of(tracker, ops)) {
      if (!isFree(port, 1)) {
        taken.add(port);
      }
    }
    for (var port : List.of(node, sidechannel)) {
      if (!isFree(port, nodes)) {
        taken.add(port);
      }
    }
    return taken;
  }
}
