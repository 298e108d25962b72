package io.hayloft.cli;

import io.hayloft.cli.console.Surroundings;
import java.util.Arrays;
import java.util.Set;

/** The process: runs one command line and ends with its exit code. */
public final class Main {

  static final Set<String> DAEMONS = Set.of("tracker", "node", "mogilefsd", "mogstored");

  private Main() {}

  public static void main(String[] args) {
    // User interfaces of the JDK are not wanted, and looking for a screen takes time.
    System.setProperty("java.awt.headless", "true");
    // Before the first logger is made.
    if (Arrays.stream(args)
        .filter(word -> !word.startsWith("-"))
        .limit(1)
        .anyMatch(DAEMONS::contains)) {
      System.setProperty(LogSetup.DAEMON_PROPERTY, "true");
    }
    var surroundings = Surroundings.system();
    int exitCode = CommandTree.forLine(surroundings, args).run(args);
    // Not every library's threads are daemons, and a command that is done must end.
    System.exit(exitCode);
  }
}
