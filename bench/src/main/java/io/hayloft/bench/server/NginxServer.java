package io.hayloft.bench.server;

import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.embedded.FreePorts;
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

/** An nginx with one worker; what its master uses is not counted, since it does nothing. */
public final class NginxServer implements Server {

  private static final Duration STARTING = Duration.ofSeconds(10);
  private static final Duration GLANCE = Duration.ofMillis(5);
  private static final int CONNECT_MILLIS = 1000;

  private final NginxConfiguration configuration;
  private final GuardedProcess process;

  private NginxServer(NginxConfiguration configuration, GuardedProcess process) {
    this.configuration = configuration;
    this.process = process;
  }

  /**
   * Starts it; returns when it listens.
   *
   * @param home an empty directory for all that it writes
   */
  public static NginxServer start(Contender contender, Path docroot, Path home, Time time)
      throws InterruptedException {
    var program = Program.need("nginx").file().toString();
    var configuration =
        new NginxConfiguration(contender, FreePorts.nextOnLoopback(), home, docroot);
    try {
      var file = Files.createDirectories(home).resolve("nginx.conf");
      Files.writeString(file, configuration.text());
      var command =
          List.of(program, "-p", home.toString(), "-c", file.toString(), "-e", home + "/first.log");
      var process = GuardedProcess.start(command, home.resolve("nginx.log"));
      var server = new NginxServer(configuration, process);
      server.awaitListening(time);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start nginx", e);
    }
  }

  private void awaitListening(Time time) throws InterruptedException {
    long started = time.nanoTime();
    while (!listens() || worker().isEmpty()) {
      if (!process.isAlive() || time.since(started).compareTo(STARTING) > 0) {
        close();
        throw new IllegalStateException(
            "nginx does not listen on " + address() + ":\n" + process.log());
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
    return process.program().flatMap(each -> each.children().findAny());
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
    process.close();
  }
}
