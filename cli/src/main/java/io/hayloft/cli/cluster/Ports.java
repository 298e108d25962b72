package io.hayloft.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

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

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 200;

  /**
   * Ports that nobody listens on now, below those that the system gives to outgoing connections.
   */
  static Ports free(int nodes, RandomGenerator random) {
    var taken = new HashSet<Integer>();
    return new Ports(
        oneFree(1, random, taken),
        oneFree(nodes, random, taken),
        oneFree(nodes, random, taken),
        oneFree(nodes, random, taken));
  }

  private static int oneFree(int addresses, RandomGenerator random, Set<Integer> taken) {
    for (int i = 0; i < TRIES; i++) {
      int port = random.nextInt(LOWEST, HIGHEST);
      if (taken.add(port) && isFree(port, addresses)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  static boolean isFree(int port, int addresses) {
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
