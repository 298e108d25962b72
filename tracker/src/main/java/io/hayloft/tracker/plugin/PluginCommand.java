package io.hayloft.tracker.plugin;

import io.hayloft.protocol.Reply;

/** A command that a plugin brings: {@code plugin_<name>} on the wire. */
@FunctionalInterface
public interface PluginCommand {

  /**
   * Answers a request whose domain was found. Its own arguments are called {@code arg1}, {@code
   * arg2} and so on, with {@code argcount} their number. Has more time than a hook: 20 seconds.
   */
  Reply answer(DomainRequest request);
}
