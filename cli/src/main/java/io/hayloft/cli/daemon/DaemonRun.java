package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.lifecycle.Lifecycle;
import io.hayloft.runtime.lifecycle.PidFile;
import io.hayloft.runtime.lifecycle.Shutdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon in this process, from its configuration to its end: a signal, its own means, or the end
 * of standard input where that is asked for.
 *
 * @param pidFile where to keep the number of the process
 * @param untilInputEnds for processes that start daemons and may die
 */
record DaemonRun(Surroundings surroundings, Optional<Path> pidFile, boolean untilInputEnds) {

  private static final Logger log = LoggerFactory.getLogger(DaemonRun.class);
  private static final Duration STOPPING = Duration.ofSeconds(15);

  /** Returns the exit code when the daemon has stopped. */
  <T extends Record> int run(Daemon<T> daemon, T config) throws Exception {
    var lifecycle = new Lifecycle(surroundings.time(), STOPPING);
    var shutdown = new Shutdown(lifecycle);
    shutdown.onSignals();
    if (untilInputEnds) {
      shutdown.whenEnds(surroundings.terminal().in());
    }
    if (pidFile.isPresent()) {
      lifecycle.start("pid file", () -> PidFile.write(pidFile.get()));
    }
    try {
      long started = surroundings.time().nanoTime();
      var where = daemon.start(config, new Daemon.Host(surroundings, lifecycle, shutdown));
      log.info("started in {} ms", surroundings.time().since(started).toMillis());
      surroundings.terminal().announce("hayloft " + daemon.name() + " is ready: " + where);
    } catch (Exception e) {
      shutdown.request("a failed start");
      shutdown.await();
      throw e;
    }
    return shutdown.await();
  }
}
