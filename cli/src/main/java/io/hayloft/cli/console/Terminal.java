package io.hayloft.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command reads and writes: results go to standard output, all else (progress, notes,
 * errors) to standard error, so that a result can be piped.
 *
 * @param interactive whether standard error is a terminal, on which a line can be drawn again
 * @param columns the width of that terminal
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, boolean interactive, int columns) {

  private static final int USUAL_COLUMNS = 80;
  private static final int BUFFER = 1 << 16;

  /**
   * The process's own. The launcher says by {@code hayloft.terminal} and {@code hayloft.columns}
   * what Java cannot find out.
   */
  public static Terminal system(Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    return new Terminal(
        System.in,
        stream(FileDescriptor.out, BUFFER),
        stream(FileDescriptor.err, 1024),
        Boolean.getBoolean("hayloft.terminal") && !dumb,
        Integer.getInteger("hayloft.columns", USUAL_COLUMNS));
  }

  private static PrintStream stream(FileDescriptor descriptor, int buffer) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), buffer), false, UTF_8);
  }

  /** A line of the result; seen when the command ends or {@link #flush} is called. */
  public void line(String text) {
    out.print(text + "\n");
  }

  /** A line that people want to see at once. */
  public void announce(String text) {
    line(text);
    flush();
  }

  /** A remark beside the result. */
  public void note(String text) {
    out.flush();
    err.print(text + "\n");
    err.flush();
  }

  public void flush() {
    out.flush();
    err.flush();
  }

  /** Whether nobody reads the result any more, as after {@code hayloft ls | head}. */
  public boolean isDeaf() {
    return out.checkError();
  }
}
