package io.hayloft.cli.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a cluster on this machine consists of and where its files are. Node {@code n}, from 1, is
 * the host {@code host<n>} on 127.0.0.n, with as many devices as every other.
 *
 * @param directory of everything: data, logs
 */
public record Layout(Path directory, Ports ports, int nodes, int devicesPerNode) {

  /** Three nodes with two devices each: enough to lose one and heal. */
  public static Layout usual(Path directory, Ports ports) {
    return new Layout(directory.toAbsolutePath().normalize(), ports, 3, 2);
  }

  List<Integer> nodeNumbers() {
    return IntStream.rangeClosed(1, nodes).boxed().toList();
  }

  /** The devices of one node. */
  public List<Integer> devices(int node) {
    int first = (node - 1) * devicesPerNode + 1;
    return IntStream.range(first, first + devicesPerNode).boxed().toList();
  }

  public static String hostName(int node) {
    return "host" + node;
  }

  Path docroot(int node) {
    return directory.resolve("nodes").resolve(hostName(node));
  }

  Path log(String name) {
    return directory.resolve("logs").resolve(name + ".log");
  }

  Path database() {
    return directory.resolve("database");
  }

  /** Where clients reach the tracker. */
  public String tracker() {
    return "127.0.0.1:" + ports.tracker();
  }

  /** Where the tracker's pages for people are. */
  public String ops() {
    return "http://127.0.0.1:" + ports.ops() + "/";
  }

  /** Where a node serves files. */
  public String node(int node) {
    return "http://" + Ports.address(node) + ":" + ports.node() + "/";
  }
}
