package io.hayloft.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote beside the classes. */
public final class Version implements IVersionProvider {

  /** As in {@code 0.1.0}. */
  public static String text() {
    try (var file = Version.class.getResourceAsStream("/hayloft.properties")) {
      var properties = new Properties();
      if (file != null) {
        properties.load(file);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "hayloft " + text(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
