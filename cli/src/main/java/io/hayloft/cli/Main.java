package io.hayloft.cli;

import io.hayloft.cli.console.Surroundings;

/** The process: runs one command line and ends with its exit code. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // User interfaces of the JDK are not wanted, and looking for a screen takes time.
    System.setProperty("java.awt.headless", "true");
    int exitCode = CommandTree.of(Surroundings.system()).run(args);
    // Not every library's threads are daemons, and a command that is done must end.
    System.exit(exitCode);
  }
}
