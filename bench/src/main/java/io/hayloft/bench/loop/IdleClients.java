package io.hayloft.bench.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients of a tracker that are connected and ask for nothing. They come from several addresses of
 * this machine: one address has too few ports for very many.
 */
public final class IdleClients implements AutoCloseable {

  private static final byte[] NOOP = "noop\r\n".getBytes(ISO_8859_1);

  private final List<SocketChannel> channels = new ArrayList<>();
  private final ByteBuffer answer = ByteBuffer.allocate(64);

  private IdleClients() {}

  /** Connects so many, one after the other; the last one has had an answer when this returns. */
  public static IdleClients connect(InetSocketAddress tracker, int count) {
    var clients = new IdleClients();
    try {
      for (int i = 0; i < count; i++) {
        var channel = SocketChannel.open();
        clients.channels.add(channel);
        var source = SourceAddress.of(i);
        if (source != null) {
          channel.bind(source);
        }
        channel.connect(tracker);
      }
      clients.ask(clients.channels.getFirst());
      clients.ask(clients.channels.getLast());
      return clients;
    } catch (IOException e) {
      clients.close();
      throw new UncheckedIOException("after " + clients.channels.size() + " connections", e);
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  /**
   * Asks over each of them once.
   *
   * @throws IllegalStateException when one is not answered as it is to be
   */
  public void askAll() {
    try {
      for (var channel : channels) {
        ask(channel);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ask(SocketChannel channel) throws IOException {
    channel.write(ByteBuffer.wrap(NOOP));
    answer.clear();
    do {
      if (channel.read(answer) < 0) {
        throw new EOFException("the tracker ended a connection");
      }
    } while (answer.get(answer.position() - 1) != '\n');
    var line = new String(answer.array(), 0, answer.position(), ISO_8859_1);
    if (!line.startsWith("OK")) {
      throw new IllegalStateException("noop → " + line);
    }
  }

  @Override
  public void close() {
    try {
      for (var channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
