package io.hayloft.bench.load;

import io.hayloft.bench.cluster.NodeLine;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Connections that were used once and stay open. */
public final class IdleLines implements AutoCloseable {

  private final List<NodeLine> lines = new ArrayList<>();

  private IdleLines() {}

  /** Opens them one after the other; each has read a file when this returns. */
  public static IdleLines open(InetSocketAddress server, int count, String path) {
    var idle = new IdleLines();
    try {
      for (int i = 0; i < count; i++) {
        var line = NodeLine.open(server);
        idle.lines.add(line);
        line.get(path);
      }
      return idle;
    } catch (RuntimeException e) {
      idle.close();
      throw e;
    }
  }

  /**
   * Reads the file over some of them again.
   *
   * @throws RuntimeException when one is not open any more
   */
  public void mustBeOpen(String path) {
    for (int i = 0; i < lines.size(); i += Math.max(1, lines.size() / 100)) {
      lines.get(i).get(path);
    }
  }

  @Override
  public void close() {
    lines.forEach(NodeLine::close);
  }
}
