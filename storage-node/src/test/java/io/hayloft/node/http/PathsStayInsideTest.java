package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** No path in any request reads or changes anything but files within devices. */
class PathsStayInsideTest {

  private static final String SECRET = "top secret";

  private static Path outside;
  private static TestNode node;
  private static TreeMap<String, String> before;

  @BeforeContainer
  static void startNode() throws IOException {
    outside = Files.createTempDirectory("outside");
    Files.writeString(outside.resolve("secret"), SECRET);
    var docroot = Files.createDirectory(outside.resolve("docroot"));
    Files.writeString(docroot.resolve("secret"), SECRET);
    Files.createDirectories(docroot.resolve("private"));
    Files.writeString(docroot.resolve("private/secret"), SECRET);
    node = TestNode.on(docroot);
    Files.createDirectories(docroot.resolve("dev1/.hayloft-own"));
    Files.writeString(docroot.resolve("dev1/.hayloft-own/secret"), SECRET);
    before = outsideOfDevices();
  }

  @AfterContainer
  static void stopNode() throws IOException {
    node.close();
    try (var all = Files.walk(outside)) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  private static TreeMap<String, String> outsideOfDevices() throws IOException {
    var found = new TreeMap<String, String>();
    Files.walkFileTree(
        outside,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            var name = outside.relativize(path).toString();
            found.put(name, "directory");
            return name.equals("docroot/dev1") || name.equals("docroot/dev2")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            found.put(outside.relativize(path).toString(), Files.readString(path));
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  @Provide
  Arbitrary<String> paths() {
    var piece =
        Arbitraries.of(
            "/", "//", "..", ".", "%2e", "%2E%2e", "%2f", "%5c", "\\", "dev1", "dev2", "dev3",
            "dev01", "secret", "private", "docroot", ".hayloft-own", "0", "a", "b", "%00", "%",
            ";", "?", "#", ":", "~", "*", "%c0%ae", "...", "-", "etc", "passwd", "é");
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
    try (var http = node.connect()) {
      http.send(RawHttp.head(method, path, headers.toArray(String[]::new)));
      var answer = method.equals("HEAD") ? http.readHead() : http.read();

      assertThat(answer.status()).isBetween(200, 599).isNotEqualTo(500);
      assertThat(answer.text()).doesNotContain(SECRET);
    }
    assertThat(outsideOfDevices()).isEqualTo(before);
    assertThat(node.docroot().resolve("dev1/.hayloft-own/secret")).hasContent(SECRET);
  }
}
