package io.hayloft.bench.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Speaks for a command: to whoever runs it, and about what he asked for. */
public final class Voice {

  private final @Nullable CommandSpec spec;

  /**
   * @param spec nothing where the command is run by a program
   */
  public Voice(@Nullable CommandSpec spec) {
    this.spec = spec;
  }

  /** Prints a line at once: what is measured takes minutes. */
  public void say(String text) {
    if (spec != null) {
      var out = spec.commandLine().getOut();
      out.println(text);
      out.flush();
    }
  }

  /** For what is not a result, such as how far a job is. */
  public PrintWriter err() {
    return spec == null
        ? new PrintWriter(OutputStream.nullOutputStream(), false, UTF_8)
        : spec.commandLine().getErr();
  }

  /** To be thrown when what was asked for cannot be done. */
  public RuntimeException wrong(@Nullable String sentence) {
    return spec == null
        ? new IllegalArgumentException(sentence)
        : new ParameterException(spec.commandLine(), String.valueOf(sentence));
  }
}
