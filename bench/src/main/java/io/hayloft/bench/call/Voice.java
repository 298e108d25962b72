package io.hayloft.bench.call;

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

  /** To be thrown when what was asked for cannot be done. */
  public RuntimeException wrong(@Nullable String sentence) {
    return spec == null
        ? new IllegalArgumentException(sentence)
        : new ParameterException(spec.commandLine(), String.valueOf(sentence));
  }
}
