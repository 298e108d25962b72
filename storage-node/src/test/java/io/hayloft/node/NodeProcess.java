package io.hayloft.node;

import io.hayloft.node.blob.Durability;
import java.nio.file.Path;

/** A node as a process of its own, for tests that trace it; ends when its input does. */
final class NodeProcess {

  /** What is set in its environment for another durability than the usual. */
  static final String DURABILITY = "NODE_DURABILITY";

  private NodeProcess() {}

  public static void main(String[] arguments) throws Exception {
    var durability = System.getenv().getOrDefault(DURABILITY, Durability.FULL.name());
    try (var node = TestNode.on(Path.of(arguments[0]), Durability.valueOf(durability))) {
      System.out.println(node.node().httpAddress());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Only the end matters.
      }
    }
  }
}
