package io.hayloft.bench.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client, which says one thing after the other: a connection to the tracker, and one to each
 * storage node that it was sent to.
 */
public final class Turn implements AutoCloseable {

  private final int client;
  private final Selector selector;
  private final Wire tracker;
  private final List<Wire> nodes = new ArrayList<>();
  private @Nullable Wire asked;
  private long begun;

  Turn(int client, InetSocketAddress tracker, Selector selector) throws IOException {
    this(client, null, tracker, selector);
  }

  /**
   * @param source of this machine's addresses, the one to come from; nothing for any
   */
  Turn(int client, @Nullable InetSocketAddress source, InetSocketAddress tracker, Selector selector)
      throws IOException {
    this.client = client;
    this.selector = selector;
    this.tracker = Wire.open(this, source, tracker, Wire.Framing.LINE, selector);
  }

  /** Its number, from 0. */
  public int client() {
    return client;
  }

  /** The next request, an empty one, is to the tracker. */
  public Request toTracker() {
    return to(tracker);
  }

  /**
   * The next request, an empty one, is to a storage node.
   *
   * @param bytes which have its address and port, as in a URL, between {@code from} and {@code end}
   */
  public Request toNode(byte[] bytes, int from, int end) {
    for (int i = 0; i < nodes.size(); i++) {
      var node = nodes.get(i);
      var name = node.name();
      if (Arrays.equals(name, 0, name.length, bytes, from, end)) {
        if (node.isOpen()) {
          return to(node);
        }
        nodes.remove(i);
        break;
      }
    }
    var node = connect(new String(bytes, from, end - from, ISO_8859_1));
    nodes.add(node);
    return to(node);
  }

  private Wire connect(String authority) {
    int colon = authority.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalStateException("no port in " + authority);
    }
    try {
      var host = InetAddress.getByName(authority.substring(0, colon));
      var address = new InetSocketAddress(host, Integer.parseInt(authority.substring(colon + 1)));
      return Wire.open(this, address, Wire.Framing.HTTP, selector).named(authority);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the node at " + authority, e);
    }
  }

  private Request to(Wire wire) {
    asked = wire;
    return wire.newRequest();
  }

  void begin(long now) {
    begun = now;
  }

  long begun() {
    return begun;
  }

  /** Sends the request that was made. */
  void send() throws IOException {
    if (asked == null) {
      throw new IllegalStateException("no request was made");
    }
    asked.send();
  }

  boolean awaits(Wire wire) {
    return asked == wire;
  }

  void rest() {
    asked = null;
  }

  @Override
  public void close() {
    tracker.close();
    nodes.forEach(Wire::close);
  }
}
