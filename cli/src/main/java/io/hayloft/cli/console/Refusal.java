package io.hayloft.cli.console;

/** The end of a command that cannot do what was asked: one line that says what to do instead. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  public Refusal(ExitCode exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  public Refusal(ExitCode exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** The sentence, on one line whatever was put into it. */
  public String sentence() {
    return String.valueOf(getMessage()).replaceAll("\\s*\\R\\s*", "; ").strip();
  }
}
