package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connections that have each had an upload: the next plain one goes past Jetty, and those that come
 * at the same time are stored together.
 */
final class KeptLines implements AutoCloseable {

  private final List<RawHttp> lines = new ArrayList<>();

  /**
   * @param warm a path that each of them stores once
   */
  KeptLines(int count, Supplier<RawHttp> connect, String warm) {
    for (int i = 0; i < count; i++) {
      var line = connect.get();
      lines.add(line);
      assertThat(line.put(warm, new byte[] {1}).status()).isEqualTo(200);
    }
  }

  int count() {
    return lines.size();
  }

  RawHttp line(int number) {
    return lines.get(number);
  }

  /** Sends an upload and does not wait for the answer. */
  void send(int line, String path, byte[] body) {
    lines.get(line).send(RawHttp.head("PUT", path, "Content-Length: " + body.length));
    lines.get(line).send(body);
  }

  RawHttp.Answer read(int line) {
    return lines.get(line).read();
  }

  /** The answers to what has been sent on each of them. */
  List<RawHttp.Answer> readAll() {
    return lines.stream().map(RawHttp::read).toList();
  }

  @Override
  public void close() {
    lines.forEach(RawHttp::close);
  }
}
