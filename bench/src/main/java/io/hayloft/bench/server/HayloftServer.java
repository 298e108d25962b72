package io.hayloft.bench.server;

import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.cluster.DaemonProcess;
import io.hayloft.bench.cluster.NodeOrder;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.embedded.FreePorts;
import io.hayloft.runtime.time.Time;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A storage node, started as {@code bin/hayloft} starts it. */
public final class HayloftServer implements Server {

  private final NodeOrder order;
  private final DaemonProcess process;

  private HayloftServer(NodeOrder order, DaemonProcess process) {
    this.order = order;
    this.process = process;
  }

  /**
   * What is to be started.
   *
   * @param durability as the setting says it
   * @param moreFlags of the JVM, beyond those that it is shipped with
   */
  public static NodeOrder order(Path docroot, String durability, List<String> moreFlags) {
    var flags = new ArrayList<>(ClusterSettings.SHIPPED_FLAGS);
    flags.addAll(moreFlags);
    return new NodeOrder(
        "hayloft",
        docroot,
        FreePorts.nextOnLoopback(),
        FreePorts.nextOnLoopback(),
        durability,
        flags);
  }

  /** Starts it; returns when it listens. */
  public static HayloftServer start(NodeOrder order, Path log, Time time)
      throws InterruptedException {
    var server = new HayloftServer(order, order.launch(log));
    try {
      server.process.awaitListening(time);
      return server;
    } catch (RuntimeException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  @Override
  public Contender contender() {
    return Contender.HAYLOFT;
  }

  @Override
  public InetSocketAddress address() {
    return order.http();
  }

  @Override
  public ProcessMeter meter() {
    return process.meter();
  }

  @Override
  public Path docroot() {
    return order.docroot();
  }

  @Override
  public void close() {
    process.close();
  }
}
