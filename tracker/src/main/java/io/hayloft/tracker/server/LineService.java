package io.hayloft.tracker.server;

import java.util.function.Consumer;

/** What answers the lines of connections. */
interface LineService {

  /**
   * Answers a line, now or later, on any thread; exactly once. The connection reads nothing more
   * until then.
   *
   * @param answer one or several whole lines, their ends included; empty for no answer
   */
  void serve(String line, Visitor visitor, Consumer<String> answer);

  /** The answer to a line that is too long to be one. */
  String refuseLongLine();

  /** The answer to a client that is one too many. */
  String refuseVisitor();

  /** The client is gone. */
  void left(Visitor visitor);
}
