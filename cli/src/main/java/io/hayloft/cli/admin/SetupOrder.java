package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.protocol.DeviceId;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an installation should consist of, as a person writes it on one line. */
record SetupOrder(List<NodeOrder> nodes, List<ClassOrder> classes) {

  private static final Pattern NODE =
      Pattern.compile("([^=\\s]+)=([0-9.]+)(?::([0-9]{1,5}))?=([0-9]+(?:,[0-9]+)*)");
  private static final Pattern CLASS = Pattern.compile("([^/=\\s]+)(?:/([^/=\\s]+)=([0-9]{1,3}))?");
  private static final int USUAL_PORT = 7500;

  SetupOrder {
    nodes = List.copyOf(nodes);
    classes = List.copyOf(classes);
  }

  /** A storage machine: {@code store1=10.0.0.11:7500=1,2}. */
  record NodeOrder(String host, String ip, int port, List<DeviceId> devices) {

    static NodeOrder parse(String text) {
      var parts = NODE.matcher(text);
      if (!parts.matches()) {
        throw new Refusal(
            ExitCode.USAGE, "a host is written as in store1=10.0.0.11:7500=1,2, not " + text);
      }
      var devices = Arrays.stream(parts.group(4).split(",", -1)).map(Registry::device).toList();
      int port = parts.group(3) == null ? USUAL_PORT : Integer.parseInt(parts.group(3));
      return new NodeOrder(parts.group(1), parts.group(2), port, devices);
    }
  }

  /**
   * A domain, or a class of one: {@code photos}, {@code photos/original=2}.
   *
   * @param name empty for the domain alone
   */
  record ClassOrder(String domain, String name, int mindevcount) {

    static ClassOrder parse(String text) {
      var parts = CLASS.matcher(text);
      if (!parts.matches()) {
        throw new Refusal(
            ExitCode.USAGE, "a class is written as in photos/original=2, not " + text);
      }
      return parts.group(2) == null
          ? new ClassOrder(parts.group(1), "", 0)
          : new ClassOrder(parts.group(1), parts.group(2), Integer.parseInt(parts.group(3)));
    }
  }

  static SetupOrder parse(String nodes, String classes) {
    return new SetupOrder(
        words(nodes).map(NodeOrder::parse).toList(),
        words(classes).map(ClassOrder::parse).toList());
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty());
  }
}
