package io.hayloft.node.requests;

import io.hayloft.protocol.DeviceId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code GET /-/node}: that this is Hayloft's node, what can be asked of it, and its devices. */
public final class NodePage {

  private static final int UNDER_WAY = 64;

  private NodePage() {}

  /**
   * A device as the page tells it.
   *
   * @param identity of its disk
   * @param refused why it is not served, if it is not
   * @param distrusted why nothing is written there although it is served, if so
   */
  public record Line(
      DeviceId device,
      Optional<String> identity,
      Optional<String> refused,
      Optional<String> distrusted) {

    @Override
    public String toString() {
      return "device "
          + device.directory()
          + " "
          + identity.orElse("-")
          + refused.map(why -> " refused " + Words.reason(why)).orElse(" ok")
          + distrusted
              .map(why -> "\ndistrusted " + device.directory() + " " + Words.reason(why))
              .orElse("");
    }
  }

  /**
   * @param others the requests that the node answers
   */
  public static NativeRequest request(
      Collection<NativeRequest> others, Supplier<List<Line>> devices) {
    var names =
        others.stream().map(NativeRequest::name).collect(Collectors.toCollection(TreeSet::new));
    var head = "version 1\nrequests " + String.join(" ", names);
    return new NativeRequest(
        "GET",
        "node",
        false,
        UNDER_WAY,
        _ ->
            answer -> {
              answer.line(head);
              devices.get().forEach(line -> answer.line(line.toString()));
            });
  }
}
