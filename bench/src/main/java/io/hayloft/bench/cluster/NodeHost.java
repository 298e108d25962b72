package io.hayloft.bench.cluster;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ReplicaPath;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * A storage node with two devices: the node of number {@code n}, from 1, listens on 127.0.0.n and
 * has the devices {@code 2n-1} and {@code 2n}.
 */
public record NodeHost(int number, DaemonProcess process, Path docroot) {

  static List<Integer> deviceNumbers(int node) {
    return List.of(2 * node - 1, 2 * node);
  }

  public String name() {
    return "node" + number;
  }

  public InetSocketAddress address() {
    return process.address();
  }

  public List<DeviceId> devices() {
    return deviceNumbers(number).stream().map(DeviceId::new).toList();
  }

  /** Where a replica's bytes are on this machine. */
  public Path file(ReplicaPath replica) {
    return docroot.resolve(replica.toString().substring(1));
  }
}
