package io.hayloft.cli.console;

/** How the process ends, for scripts. The numbers are a promise; new ones are only ever added. */
public enum ExitCode {
  OK(0, "all that was asked for is done"),
  FAILED(1, "it was refused or went wrong; one line on standard error says why"),
  USAGE(2, "the command line, the configuration, the build or the schema is not right"),
  NOT_FOUND(3, "there is no such key, domain, class, host, device or file"),
  UNREACHABLE(4, "no tracker (or no storage node with the bytes) answered"),
  INTERRUPTED(
      130, "stopped by Ctrl-C (demo ends with 1 then; dev and the daemons, asked to stop, with 0)");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  /** Half a sentence for the documentation. */
  public String meaning() {
    return meaning;
  }
}
