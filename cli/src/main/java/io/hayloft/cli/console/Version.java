package io.hayloft.cli.console;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar; a directory of classes has none. */
public final class Version implements IVersionProvider {

  /** As in {@code 0.1.0}. */
  public static String text() {
    var built = Version.class.getPackage().getImplementationVersion();
    return built == null ? "development" : built;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "hayloft " + text(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
