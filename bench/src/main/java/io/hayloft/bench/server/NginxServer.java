package io.hayloft.bench.server;

import io.hayloft.bench.cluster.FreePort;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An nginx with one worker; what its master uses is not counted, since it does nothing. */
public final class NginxServer implements Server {

  private static final Duration STARTING = Duration.ofSeconds(10);
  private static final Duration STOPPING = Duration.ofSeconds(10);
  private static final Duration GLANCE = Duration.ofMillis(5);
  private static final int CONNECT_MILLIS = 1000;

  /** Ends it when this process does, whatever becomes of it: then the shell's input ends. */
  private static final String WHILE_INPUT_LASTS = "\"$@\" & read -r _; kill $! && wait $!";

  private final NginxConfiguration configuration;
  private final Process shell;

  private NginxServer(NginxConfiguration configuration, Process shell) {
    this.configuration = configuration;
    this.shell = shell;
  }

  /**
   * Starts it; returns when it listens.
   *
   * @param home an empty directory for all that it writes
   */
  public static NginxServer start(Contender contender, Path docroot, Path home, Time time)
      throws InterruptedException {
    var program = Program.need("nginx").file().toString();
    var configuration = new NginxConfiguration(contender, FreePort.onLoopback(), home, docroot);
    try {
      var file = Files.createDirectories(home).resolve("nginx.conf");
      Files.writeString(file, configuration.text());
      var arguments =
          List.of("-p", home.toString(), "-c", file.toString(), "-e", home + "/nginx-first.log");
      var builder = new ProcessBuilder("sh", "-c", WHILE_INPUT_LASTS, "sh", program);
      builder.command().addAll(arguments);
      var shell = builder.redirectErrorStream(true).redirectOutput(log(home).toFile()).start();
      var server = new NginxServer(configuration, shell);
      server.awaitListening(time);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start nginx", e);
    }
  }

  private static Path log(Path home) {
    return home.resolve("nginx.log");
  }

  private void awaitListening(Time time) throws InterruptedException, IOException {
    long started = time.nanoTime();
    while (!listens() || worker().isEmpty()) {
      if (!shell.isAlive() || time.since(started).compareTo(STARTING) > 0) {
        close();
        throw new IllegalStateException(
            "nginx does not listen on "
                + address()
                + ":\n"
                + Files.readString(log(configuration.home())));
      }
      time.sleep(GLANCE);
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(address(), CONNECT_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Optional<ProcessHandle> worker() {
    return shell.children().flatMap(ProcessHandle::children).findAny();
  }

  @Override
  public Contender contender() {
    return configuration.contender();
  }

  @Override
  public InetSocketAddress address() {
    return configuration.address();
  }

  @Override
  public ProcessMeter meter() {
    var worker =
        worker().orElseThrow(() -> new IllegalStateException("nginx has no worker any more"));
    return new ProcessMeter(worker.pid());
  }

  @Override
  public Path docroot() {
    return configuration.docroot();
  }

  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
