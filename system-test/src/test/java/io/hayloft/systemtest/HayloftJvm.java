package io.hayloft.systemtest;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM in which tests start the {@code hayloft} command. It begins with what the JVM of a
 * rehearsal kept, as {@code bin/hayloft} has it begin, where this test runs on the jars of which
 * that is: a start then takes a third less of the processor's time, and tests start a lot.
 */
final class HayloftJvm {

  private static final String MAIN = "io.hayloft.cli.Main";

  /** As {@code bin/hayloft} has them; the rehearsal's and those of a start must agree. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");

  private static final List<String> CLASSES = classes();

  private HayloftJvm() {}

  /**
   * A command line up to the class that is run.
   *
   * @param flags further ones of the JVM
   */
  static List<String> command(String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of(flags));
    command.addAll(CLASSES);
    command.add(MAIN);
    return command;
  }

  private static List<String> classes() {
    var own = System.getProperty("java.class.path");
    try {
      for (var entry : own.split(File.pathSeparator, -1)) {
        if (entry.matches(".*/cli/target/hayloft-cli-[^/]*\\.jar")) {
          return classes(Path.of(entry), own);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of("-cp", own);
  }

  private static List<String> classes(Path jar, String otherwise) throws IOException {
    var cache = jar.resolveSibling("hayloft.aot");
    var others = jar.resolveSibling("classpath");
    if (!Files.exists(cache) || !Files.exists(others)) {
      return List.of("-cp", otherwise);
    }
    var path = jar + File.pathSeparator + Files.readString(others).strip();
    for (var entry : path.split(File.pathSeparator, -1)) {
      if (Files.getLastModifiedTime(Path.of(entry)).compareTo(Files.getLastModifiedTime(cache))
          > 0) {
        return List.of("-cp", otherwise);
      }
    }
    // Whether the cache is of these jars and flags the JVM itself sees, and goes without if not.
    return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off", "-cp", path);
  }
}
