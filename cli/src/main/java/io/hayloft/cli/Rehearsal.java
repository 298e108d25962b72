package io.hayloft.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * The process that is run once when Hayloft is packaged, so that the JVM can keep what it learns
 * from it (the classes that a start needs, read and linked): a storage node on a directory that is
 * removed again, which stores, reads and deletes a few files over HTTP.
 */
public final class Rehearsal {

  private static final Pattern READY = Pattern.compile("is ready: http ([^ ,:]+):(\\d+),");
  private static final List<Integer> LENGTHS = List.of(1, 1_000, 200_000);
  private static final int READINGS = 20;

  private Rehearsal() {}

  public static void main(String[] args) throws Exception {
    System.setProperty("java.awt.headless", "true");
    System.setProperty(LogSetup.DAEMON_PROPERTY, "true");
    int exitCode;
    var docroot = Files.createTempDirectory("hayloft-rehearsal");
    try {
      Files.createDirectory(docroot.resolve("dev1"));
      exitCode = play(docroot);
    } finally {
      remove(docroot);
    }
    System.exit(exitCode);
  }

  /** Runs a node until the requests are answered; its exit code. */
  private static int play(Path docroot) throws IOException {
    var system = Surroundings.system();
    var said = new Announcement();
    var played = new AtomicBoolean();
    try (var end = new PipedOutputStream()) {
      var terminal =
          new Terminal(
              new PipedInputStream(end),
              new PrintStream(said, true, UTF_8),
              system.terminal().err(),
              false,
              system.terminal().columns());
      var requests =
          system.tasks().start("requests", () -> played.set(requests(said.address, end)));
      // What is set for whoever packages does not matter.
      var here = new Surroundings(terminal, Map.of(), system.home(), system.means());
      String[] line = {
        "node",
        "--skip-config",
        "--docroot=" + docroot,
        "--http-listen=127.0.0.1:0",
        "--side-listen=127.0.0.1:0",
        "--until-input-ends"
      };
      int exitCode = CommandTree.forLine(here, line).run(line);
      requests.cancel();
      return played.get() ? exitCode : ExitCode.FAILED.number();
    }
  }

  /** Ends the input of the node, whatever happens. */
  private static boolean requests(Future<InetSocketAddress> node, OutputStream end)
      throws InterruptedException {
    try (end) {
      request(node.get());
      return true;
    } catch (IOException | ExecutionException e) {
      throw new IllegalStateException("the rehearsal failed", e);
    }
  }

  /** What the node prints, until it says where it listens. */
  private static final class Announcement extends ByteArrayOutputStream {

    private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();

    @Override
    public synchronized void flush() {
      var said = READY.matcher(toString(UTF_8));
      if (said.find()) {
        address.complete(new InetSocketAddress(said.group(1), Integer.parseInt(said.group(2))));
      }
    }
  }

  private static void request(InetSocketAddress node) throws IOException {
    for (int length : LENGTHS) {
      var path = "/dev1/0/000/000/%010d.fid".formatted(length);
      ask(node, "PUT", path, "x".repeat(length));
      for (int i = 0; i < READINGS; i++) {
        ask(node, "GET", path, "");
      }
      ask(node, "HEAD", path, "");
      ask(node, "DELETE", path, "");
    }
  }

  private static void ask(InetSocketAddress node, String method, String path, String body)
      throws IOException {
    try (var socket = new Socket(node.getAddress(), node.getPort())) {
      var request =
          "%s %s HTTP/1.1\r\nHost: node\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(method, path, body.length(), body);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      if (!answer.startsWith("HTTP/1.1 2")) {
        throw new IOException(method + " " + path + ": " + answer.lines().findFirst().orElse(""));
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
