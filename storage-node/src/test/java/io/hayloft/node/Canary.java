package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * A document root among things that no request may read or change, with links that lead to them,
 * and a look whether all are as they were.
 */
public final class Canary implements AutoCloseable {

  /** The content of all that is not to be read. */
  public static final String SECRET = "top secret";

  private static final String OWN = "dev1/.hayloft-own/secret";

  private final Path outside;
  private final Map<String, String> before;

  private Canary(Path outside) {
    this.outside = outside;
    this.before = outsideOfDevices();
  }

  public static Canary make() {
    try {
      var outside = Files.createTempDirectory("outside");
      Files.writeString(outside.resolve("secret"), SECRET);
      for (var directory : new String[] {"private", "dev1/.hayloft-own", "dev2", "dev1/0"}) {
        Files.createDirectories(outside.resolve("docroot").resolve(directory));
      }
      Files.writeString(outside.resolve("docroot/secret"), SECRET);
      Files.writeString(outside.resolve("docroot/private/secret"), SECRET);
      Files.writeString(outside.resolve("docroot/dev5"), SECRET);
      Files.writeString(outside.resolve("docroot").resolve(OWN), SECRET);
      return new Canary(outside);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path docroot() {
    return outside.resolve("docroot");
  }

  /** Puts the links where they lead out of a device, as an operator's mistake would. */
  public void link() {
    link("dev1/out", outside);
    link("dev1/0/out", docroot().resolve("private"));
    link("dev1/0/file", docroot().resolve("secret"));
    link("dev2/own", docroot().resolve("dev1/.hayloft-own"));
  }

  private void link(String name, Path target) {
    var link = docroot().resolve(name);
    try {
      var directory = link.getParent();
      boolean possible = directory != null && Files.isDirectory(directory);
      if (possible && !Files.isSymbolicLink(link)) {
        remove(link);
        Files.createSymbolicLink(link, target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void assertUntouched() {
    assertThat(outsideOfDevices()).isEqualTo(before);
    assertThat(docroot().resolve(OWN)).hasContent(SECRET);
  }

  private Map<String, String> outsideOfDevices() {
    var found = new TreeMap<String, String>();
    try {
      Files.walkFileTree(outside, new Collector(found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    private final Map<String, String> found;

    Collector(Map<String, String> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      var name = outside.relativize(path).toString();
      found.put(name, "directory");
      return name.equals("docroot/dev1") || name.equals("docroot/dev2")
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      found.put(outside.relativize(path).toString(), Files.readString(path));
      return FileVisitResult.CONTINUE;
    }
  }

  private static void remove(Path tree) throws IOException {
    if (!Files.exists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var all = Files.walk(tree)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() {
    try {
      remove(outside);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
