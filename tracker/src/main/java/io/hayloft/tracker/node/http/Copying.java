package io.hayloft.tracker.node.http;

import static io.hayloft.tracker.node.http.NodeHttp.describe;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import java.io.IOException;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies a replica from node to node through this process: one buffer of it is in memory at a time.
 *
 * <p>The last bytes are sent only when the digest of all is known to be right; until then the
 * destination has a body that is too short and does not show it. Where a transfer breaks the
 * destination sees a closed connection, never a short file. A transfer that fails because a kept
 * connection had died is made once more.
 */
final class Copying {

  private static final int BUFFER = 256 * 1024;

  private final NodeHttp http;
  private final boolean fromGetPort;

  Copying(NodeHttp http, boolean fromGetPort) {
    this.http = http;
    this.fromGetPort = fromGetPort;
  }

  Copy copy(Order order) {
    var first = attempt(order);
    return first.again() ? attempt(order).copy() : first.copy();
  }

  private Attempt attempt(Order order) {
    var from = order.from();
    var url =
        (fromGetPort ? NodeHttp.readBase(from.host()) : NodeHttp.base(from.host())) + from.path();
    try (var source = Reading.open(http, url, order.length())) {
      return transfer(order, source);
    } catch (IOException e) {
      return sourceFailed(e);
    }
  }

  private Attempt transfer(Order order, Reading source) throws IOException {
    var digesting = new Digesting(algorithms(order));
    var buffer = new byte[(int) Math.min(BUFFER, Math.max(1, order.length()))];
    long left = order.length();
    @Nullable Writing destination = null;
    try {
      while (true) {
        int read = left == 0 ? 0 : source.fill(buffer);
        if (read == 0 && left > 0) {
          throw new NodeRefusal("ended " + left + " bytes too early");
        }
        left -= read;
        digesting.update(buffer, read);
        if (left == 0) {
          return last(order, digesting, destination, buffer, read);
        }
        if (destination == null) {
          destination = open(order);
        }
        try {
          destination.write(buffer, read);
        } catch (IOException e) {
          return destinationFailed(e);
        }
      }
    } catch (IOException e) {
      if (destination != null) {
        destination.abort(e);
      }
      throw e;
    }
  }

  private Attempt last(
      Order order, Digesting digesting, @Nullable Writing begun, byte[] buffer, int length) {
    var digests = digesting.finish();
    var known = order.known();
    if (known.isPresent() && !known.get().equals(digests.get(known.get().algorithm()))) {
      var why = "has digest " + digests.get(known.get().algorithm()) + ", not " + known.get();
      if (begun != null) {
        begun.abort(new NodeRefusal(why));
      }
      return new Attempt(new Copy.SourceFailed(why), false);
    }
    var destination = begun == null ? open(order) : begun;
    try {
      if (length > 0) {
        destination.write(buffer, length);
      }
      destination.finish();
      return new Attempt(new Copy.Made(order.wanted().map(digests::get)), false);
    } catch (IOException e) {
      return destinationFailed(e);
    }
  }

  private Writing open(Order order) {
    var url = NodeHttp.base(order.to().host()) + order.to().path();
    return Writing.open(http, url, order.length(), order.known());
  }

  private static EnumSet<HashAlgorithm> algorithms(Order order) {
    var algorithms = EnumSet.noneOf(HashAlgorithm.class);
    order.known().map(Checksum::algorithm).ifPresent(algorithms::add);
    order.wanted().ifPresent(algorithms::add);
    return algorithms;
  }

  private static Attempt sourceFailed(IOException why) {
    return new Attempt(new Copy.SourceFailed(describe(why)), isDead(why));
  }

  private static Attempt destinationFailed(IOException why) {
    return new Attempt(new Copy.DestinationFailed(describe(why)), isDead(why));
  }

  private static boolean isDead(IOException why) {
    return NodeHttp.isDeadConnection(why);
  }

  private record Attempt(Copy copy, boolean again) {}
}
