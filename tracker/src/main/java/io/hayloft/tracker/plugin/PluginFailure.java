package io.hayloft.tracker.plugin;

import org.jspecify.annotations.Nullable;

/** A plugin threw, or did not answer in time. It has been logged where it happened. */
public final class PluginFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  PluginFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
