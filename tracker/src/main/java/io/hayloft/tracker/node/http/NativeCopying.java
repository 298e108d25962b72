package io.hayloft.tracker.node.http;

import io.hayloft.protocol.Checksum;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Copies that the destination fetches by itself: no byte of them comes through this process. */
final class NativeCopying {

  private static final String MADE = "made ";
  private static final String SOURCE = "source ";
  private static final String DESTINATION = "destination ";

  private final NativeList lists;
  private final boolean fromGetPort;

  NativeCopying(NativeList lists, boolean fromGetPort) {
    this.lists = lists;
    this.fromGetPort = fromGetPort;
  }

  /**
   * @return the orders that were not carried out because the host runs no node of Hayloft's
   */
  List<Order> copy(Host to, List<Order> orders, BiConsumer<Order, Copy> ended)
      throws InterruptedException {
    return lists.ask(
        to,
        new NativeList.Question<>("copy", order -> order.to().path().toString(), this::line),
        orders,
        new NativeList.Ends<>() {
          @Override
          public void said(Order order, String words) {
            ended.accept(order, read(order, words));
          }

          @Override
          public void unsaid(Order order, String why) {
            ended.accept(order, new Copy.DestinationFailed(why));
          }
        });
  }

  private String line(Order order) {
    var from = order.from();
    var line =
        new StringBuilder(160)
            .append(order.to().path())
            .append(' ')
            .append(fromGetPort ? NodeHttp.readBase(from.host()) : NodeHttp.base(from.host()))
            .append(from.path())
            .append(' ')
            .append(order.length());
    order.known().ifPresent(known -> line.append(' ').append(known));
    order.wanted().ifPresent(wanted -> line.append(" want=").append(wanted.wire()));
    return line.toString();
  }

  private static Copy read(Order order, String words) {
    if (words.startsWith(SOURCE)) {
      return new Copy.SourceFailed(words.substring(SOURCE.length()));
    }
    if (words.startsWith(DESTINATION)) {
      return new Copy.DestinationFailed(words.substring(DESTINATION.length()));
    }
    var length = MADE + order.length() + " ";
    var checksum = checksum(order, words);
    if (!words.startsWith(length) || (order.wanted().isPresent() && checksum.isEmpty())) {
      return new Copy.DestinationFailed("answers nonsense: " + words);
    }
    return new Copy.Made(checksum);
  }

  /** The last word, if it is the digest that was wanted. */
  private static Optional<Checksum> checksum(Order order, String words) {
    return order
        .wanted()
        .flatMap(
            wanted ->
                Checksum.parse(words.substring(words.lastIndexOf(' ') + 1))
                    .filter(checksum -> checksum.algorithm() == wanted));
  }
}
