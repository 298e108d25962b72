package io.hayloft.tracker.plugin;

/**
 * Something that an installation adds to its trackers. A jar on the class path offers it as a
 * service (a line in {@code META-INF/services/io.hayloft.tracker.plugin.Plugin}); it does nothing
 * until the configuration names it.
 */
public interface Plugin {

  /** The name that the configuration knows it by: letters, digits and {@code _}. */
  String name();

  /**
   * Called once, when a tracker starts and its database has all tables, but before it answers
   * requests. What is thrown here stops the tracker from starting.
   *
   * @return what is asked from then on, by many threads at once
   */
  Hooks start(Ground ground);
}
