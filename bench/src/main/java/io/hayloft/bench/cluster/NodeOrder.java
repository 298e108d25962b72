package io.hayloft.bench.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A storage node that is to be started.
 *
 * @param durability as its setting says it: full, data or none
 * @param flags of its JVM
 */
public record NodeOrder(
    String name,
    Path docroot,
    InetSocketAddress http,
    InetSocketAddress side,
    String durability,
    List<String> flags) {

  /** The arguments of the command {@code hayloft}. */
  public static final List<String> ARGUMENTS = List.of("node", "--skip-config");

  /** What it is told by variables; everything else is as it is by default. */
  public Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("HAYLOFT_HTTP_LISTEN", text(http));
    environment.put("HAYLOFT_SIDE_LISTEN", text(side));
    environment.put("HAYLOFT_DURABILITY", durability);
    environment.put("HAYLOFT_DOCROOT", docroot.toString());
    return environment;
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Starts it and returns at once. */
  public DaemonProcess launch(Path log) {
    return DaemonProcess.launch(
        new DaemonProcess.Order(name, flags, ARGUMENTS, http), environment(), log);
  }

  /** Starts it by the command of an installation, such as {@code bin/hayloft}. */
  public DaemonProcess launchBy(Path launcher, Path log) {
    var environment = environment();
    var build = System.getenv("HAYLOFT_BUILD");
    if (build != null) {
      environment.put("HAYLOFT_BUILD", build);
    }
    return DaemonProcess.launch(
        List.of(launcher.toString()),
        new DaemonProcess.Order(name, flags, ARGUMENTS, http),
        environment,
        log);
  }
}
