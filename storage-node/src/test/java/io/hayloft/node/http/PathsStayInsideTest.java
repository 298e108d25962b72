package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** No path in any request reads or changes anything but files within devices. */
class PathsStayInsideTest {

  private static final String SECRET = "top secret";

  private static final Path OUTSIDE = prepare();
  private static final TestNode NODE = TestNode.on(OUTSIDE.resolve("docroot"));
  private static final Map<String, String> BEFORE = outsideOfDevices();

  private static Path prepare() {
    try {
      var outside = Files.createTempDirectory("outside");
      Files.writeString(outside.resolve("secret"), SECRET);
      Files.createDirectories(outside.resolve("docroot/private"));
      Files.writeString(outside.resolve("docroot/secret"), SECRET);
      Files.writeString(outside.resolve("docroot/private/secret"), SECRET);
      Files.createDirectories(outside.resolve("docroot/dev1/.hayloft-own"));
      Files.writeString(outside.resolve("docroot/dev1/.hayloft-own/secret"), SECRET);
      return outside;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterContainer
  static void stopNode() throws IOException {
    NODE.close();
    try (var all = Files.walk(OUTSIDE)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static Map<String, String> outsideOfDevices() {
    var found = new TreeMap<String, String>();
    try {
      Files.walkFileTree(OUTSIDE, new Collector(found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Map<String, String> found;

    Collector(Map<String, String> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      var name = OUTSIDE.relativize(path).toString();
      found.put(name, "directory");
      return name.equals("docroot/dev1") || name.equals("docroot/dev2")
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      found.put(OUTSIDE.relativize(path).toString(), Files.readString(path));
      return FileVisitResult.CONTINUE;
    }
  }

  @Provide
  Arbitrary<String> paths() {
    var piece =
        Arbitraries.of(
            "/",
            "//",
            "..",
            ".",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5c",
            "\\",
            "dev1",
            "dev2",
            "dev3",
            "dev01",
            "secret",
            "private",
            "docroot",
            ".hayloft-own",
            "0",
            "a",
            "b",
            "%00",
            "%",
            ";",
            "?",
            "#",
            ":",
            "~",
            "*",
            "%c0%ae",
            "...",
            "-",
            "etc",
            "passwd",
            "é");
    return piece.list().ofMinSize(1).ofMaxSize(9).map(pieces -> "/" + String.join("", pieces));
  }

  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.of("GET", "HEAD", "PUT", "DELETE", "MKCOL", "MOVE");
  }

  @Property(tries = 400)
  void requestTouchesOnlyDevices(
      @ForAll("methods") String method,
      @ForAll("paths") String path,
      @ForAll("paths") String destination)
      throws IOException {
    var headers = List.of("Content-Length: 0", "Destination: " + destination, "Connection: close");
    try (var http = NODE.connect()) {
      http.send(RawHttp.head(method, path, headers.toArray(String[]::new)));
      var answer = method.equals("HEAD") ? http.readHead() : http.read();

      assertThat(answer.status()).isBetween(200, 599).isNotEqualTo(500);
      assertThat(answer.text()).doesNotContain(SECRET);
    }
    assertThat(outsideOfDevices()).isEqualTo(BEFORE);
    assertThat(NODE.docroot().resolve("dev1/.hayloft-own/secret")).hasContent(SECRET);
  }
}
