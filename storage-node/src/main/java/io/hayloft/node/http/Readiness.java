package io.hayloft.node.http;

/** Whether the node can do its work. */
public sealed interface Readiness {

  record Ready() implements Readiness {}

  /**
   * @param reason one line for people
   */
  record NotReady(String reason) implements Readiness {}
}
