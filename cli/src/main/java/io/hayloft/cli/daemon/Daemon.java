package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.OriginalConfig;
import io.hayloft.runtime.lifecycle.Lifecycle;
import io.hayloft.runtime.lifecycle.Shutdown;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is particular to one daemon.
 *
 * @param <T> its configuration
 */
interface Daemon<T extends Record> {

  /** The word of the command. */
  String name();

  /** The first line says what it is; more may follow. */
  List<String> description();

  Class<T> configuration();

  /** How a file of the original's daemon is read. */
  OriginalConfig original();

  /** The environment with variables of the original's daemon as ours, where ours are not set. */
  default Map<String, String> translated(Map<String, String> environment) {
    return environment;
  }

  /** Files that are read when none is named, the first that exists. */
  List<Path> usualFiles();

  /**
   * Starts all its parts; those that must be closed are added to the lifecycle.
   *
   * @return where it listens, as the end of the line that says that it is ready
   */
  String start(T config, Host host) throws Exception;

  /** The process that the daemon runs in. */
  record Host(Surroundings surroundings, Lifecycle lifecycle, Shutdown shutdown) {}
}
