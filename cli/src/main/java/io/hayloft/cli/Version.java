package io.hayloft.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar; a class directory has none. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    var built = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "hayloft " + (built == null ? "(a development build)" : built),
      "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
