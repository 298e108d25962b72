package io.hayloft.node;

import java.nio.file.Path;

/** A node as a process of its own, for tests that trace it; ends when its input does. */
final class NodeProcess {

  private NodeProcess() {}

  public static void main(String[] arguments) throws Exception {
    try (var node = TestNode.on(Path.of(arguments[0]))) {
      System.out.println(node.node().httpAddress());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Only the end matters.
      }
    }
  }
}
