package io.hayloft.tracker.node.http;

import java.io.IOException;

/** A node answered, and the answer is that it cannot be used; asking again is of no use. */
final class NodeRefusal extends IOException {

  private static final long serialVersionUID = 1;

  NodeRefusal(String message) {
    super(message);
  }
}
