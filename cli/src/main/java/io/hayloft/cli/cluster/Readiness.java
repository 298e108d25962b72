package io.hayloft.cli.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Terminal;
import io.hayloft.runtime.time.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until a child answers on its socket, or says why it never will. */
final class Readiness {

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int ANSWER_MILLIS = 2000;
  private static final int TAIL_LINES = 15;

  private final Terminal terminal;
  private final Time time;
  private final Duration limit;
  private final BooleanSupplier closing;

  /**
   * @param closing whether the children are being stopped, so that an end is no surprise
   */
  Readiness(Terminal terminal, Time time, Duration limit, BooleanSupplier closing) {
    this.terminal = terminal;
    this.time = time;
    this.limit = limit;
    this.closing = closing;
  }

  void awaitTracker(Child child, String host, int port) throws InterruptedException {
    await(child, host, port, "noop\r\n", "OK");
  }

  void awaitNode(Child child, String host, int port) throws InterruptedException {
    await(child, host, port, "GET / HTTP/1.0\r\n\r\n", "HTTP/1.");
  }

  private void await(Child child, String host, int port, String question, String answer)
      throws InterruptedException {
    long started = time.nanoTime();
    while (!answers(host, port, question, answer)) {
      if (!child.isAlive()) {
        throw refusal(child, "ended with exit code " + child.process().exitValue());
      }
      if (time.since(started).compareTo(limit) > 0) {
        throw refusal(
            child, "does not answer on %s:%d after %d s".formatted(host, port, limit.toSeconds()));
      }
      time.sleep(PAUSE);
    }
  }

  private static boolean answers(String host, int port, String question, String answer) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(question.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      var line = reader.readLine();
      return line != null && line.startsWith(answer);
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The end of its log goes before the one line of the error, which names the whole of it. */
  private Refusal refusal(Child child, String what) {
    if (!closing.getAsBoolean()) {
      terminal.note("the end of the log of " + child.name() + ":");
      child.logTail(TAIL_LINES).forEach(line -> terminal.note("    " + line));
    }
    return new Refusal(
        ExitCode.FAILED, "%s %s; its log is %s".formatted(child.name(), what, child.log()));
  }
}
