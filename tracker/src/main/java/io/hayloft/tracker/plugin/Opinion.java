package io.hayloft.tracker.plugin;

/** What a plugin thinks of a request. */
public sealed interface Opinion {

  /** Nothing: the request goes on as it is. */
  record None() implements Opinion {}

  /** The request goes on like this. */
  record Rewritten(DomainRequest request) implements Opinion {}

  /**
   * The request is refused with {@code plugin_aborted}.
   *
   * @param reason for people; empty for the usual sentence
   */
  record Veto(String reason) implements Opinion {}

  static Opinion none() {
    return new None();
  }

  static Opinion rewritten(DomainRequest request) {
    return new Rewritten(request);
  }

  static Opinion veto() {
    return new Veto("");
  }

  static Opinion veto(String reason) {
    return new Veto(reason);
  }
}
