package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.Canary;
import io.hayloft.node.Complaints;
import io.hayloft.node.Corpus;
import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.assertj.core.api.SoftAssertions;

/**
 * Whatever is sent to the HTTP port: each request gets one reply, no exception gets out, the
 * connection stays usable or is closed, and nothing outside the devices is read or changed. More
 * tries with {@code -Djqwik.tries.default=100000}.
 */
class HttpFuzzTest {

  private static final List<Corpus> CORPUS = Corpus.read("http.txt");
  private static final Map<Way, Target> TARGETS =
      Map.of(Way.FAST, Target.of(Way.FAST), Way.FALLBACK, Target.of(Way.FALLBACK));
  private static final Complaints COMPLAINTS = Complaints.listen();

  /** A node, and what it must not touch. */
  private record Target(Canary canary, TestNode node) {

    static Target of(Way way) {
      var canary = Canary.make();
      return new Target(canary, TestNode.on(canary.docroot(), way));
    }

    void prepare() {
      node.put("/dev1/f/digits", "0123456789".getBytes(ISO_8859_1));
      canary.link();
    }

    void close() {
      node.close();
      canary.close();
    }
  }

  @AfterContainer
  static void stop() {
    TARGETS.values().forEach(Target::close);
    COMPLAINTS.end();
  }

  private static TestNode node(Way way) {
    return requireNonNull(TARGETS.get(way)).node();
  }

  @BeforeTry
  void prepare() {
    TARGETS.values().forEach(Target::prepare);
  }

  @AfterTry
  void nothingHappened() {
    TARGETS.values().forEach(target -> target.canary().assertUntouched());
    COMPLAINTS.assertNone();
  }

  record Request(String method, String target, List<String> headers, String body) {

    @Override
    public String toString() {
      return method + " " + target + " " + headers + " with " + body.length() + " bytes";
    }

    String head() {
      var all = new java.util.ArrayList<>(headers);
      if (method.equals("PUT") || !body.isEmpty()) {
        all.add("Content-Length: " + body.length());
      }
      return RawHttp.head(method, target, all.toArray(String[]::new));
    }
  }

  @Provide
  Arbitrary<String> targets() {
    var piece =
        Arbitraries.of(
            "/",
            "//",
            "..",
            ".",
            "...",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5c",
            "\\",
            "dev1",
            "dev2",
            "dev3",
            "dev5",
            "dev01",
            "secret",
            "private",
            "docroot",
            ".hayloft-own",
            ".hayloft-tmp",
            "out",
            "own",
            "file",
            "f",
            "digits",
            "0",
            "a",
            "%00",
            "%",
            "%zz",
            ";",
            "?",
            "#",
            ":",
            "~",
            "*",
            "%c0%ae",
            "-",
            "etc",
            "passwd",
            "é",
            "\u00ff",
            "usage",
            "live",
            "[",
            "@",
            "http:",
            "x".repeat(300));
    return piece
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(pieces -> "/" + String.join(pieces.size() % 2 == 0 ? "/" : "", pieces));
  }

  @Provide
  Arbitrary<Request> requests() {
    var header =
        Combinators.combine(
                Arbitraries.of(
                    "Range: ",
                    "Content-Range: ",
                    "Content-MD5: ",
                    "If-Modified-Since: ",
                    "If-None-Match: ",
                    "If-Range: ",
                    "Overwrite: ",
                    "X: "),
                Arbitraries.of(
                    "bytes=0-4",
                    "bytes=-1",
                    "bytes=9-",
                    "bytes 0-2/*",
                    "bytes 10-12/*",
                    "bytes 4-",
                    "AAAA",
                    "1B2M2Y8AsgTpgAmY7PhCfg",
                    "T",
                    "F",
                    "*",
                    "W/\"1\"",
                    "\"\"",
                    "",
                    "\u00e9",
                    "Sun, 06 Nov 1994 08:49:37 GMT",
                    "x".repeat(2_000)))
            .as(String::concat);
    var destination =
        Combinators.combine(Arbitraries.of("", "http://node", "file://", "dev1", "//"), targets())
            .as((before, target) -> "Destination: " + before + target);
    var methods =
        Arbitraries.of("GET", "HEAD", "PUT", "DELETE", "MKCOL", "MOVE", "POST", "OPTIONS", "BREW");
    return Combinators.combine(
            methods,
            targets(),
            Arbitraries.oneOf(header, destination).list().ofMaxSize(3),
            Arbitraries.of("", "x", "0123456789", "z".repeat(9_000)))
        .as(Request::new);
  }

  @Property
  void eachOfSeveralRequestsIsAnsweredOnce(
      @ForAll Way way, @ForAll("requests") Request one, @ForAll("requests") Request two) {
    try (var http = node(way).connect()) {
      http.send(one.head() + one.body() + two.head() + two.body());
      for (var request : List.of(one, two)) {
        var answer = request.method().equals("HEAD") ? http.readHead() : http.read();
        judge(answer, request);
        if (answer.header("connection").equalsIgnoreCase("close")) {
          assertThat(http.isClosedByServer()).isTrue();
          return;
        }
      }
      assertThat(http.call("GET", "/-/live").text()).isEqualTo("live\n");
    }
  }

  private static void judge(RawHttp.Answer answer, Request request) {
    assertThat(answer.status()).as(request.toString()).isBetween(200, 599).isNotEqualTo(500);
    assertThat(answer.text()).doesNotContain(Canary.SECRET);
  }

  @Example
  void theCorpusIsAnsweredAsItSays() {
    TARGETS.forEach(HttpFuzzTest::theCorpusIsAnsweredAsItSays);
  }

  private static void theCorpusIsAnsweredAsItSays(Way way, Target target) {
    var softly = new SoftAssertions();
    for (var entry : CORPUS) {
      target.prepare();
      // Mutants may have made what must not be there.
      target.node().call("DELETE", "/dev1/none");
      target.node().call("DELETE", "/dev1/f/none");
      var answers = exchange(way, entry.bytes());
      softly.assertThat(statuses(answers)).as(entry.why()).isEqualTo(entry.expected());
      assertThat(answers).as(entry.why()).doesNotContain(Canary.SECRET);
      target.canary().assertUntouched();
    }
    softly.assertAll();
  }

  @Provide
  Arbitrary<byte[]> mutants() {
    return Combinators.combine(
            Arbitraries.of(CORPUS),
            Arbitraries.of(CORPUS),
            Arbitraries.randomValue(random -> random.nextLong()))
        .as((one, two, seed) -> mutant(one.bytes(), two.bytes(), new java.util.Random(seed)));
  }

  private static byte[] mutant(byte[] one, byte[] two, java.util.Random random) {
    var start = Arrays.copyOf(one, random.nextInt(one.length) + 1);
    var end = Arrays.copyOfRange(two, random.nextInt(two.length), two.length);
    var both = Arrays.copyOf(start, start.length + end.length);
    System.arraycopy(end, 0, both, start.length, end.length);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      both[random.nextInt(both.length)] = (byte) random.nextInt(256);
    }
    return both;
  }

  @Property
  void noiseEndsInARefusalOrAClosedConnection(@ForAll Way way, @ForAll("mutants") byte[] bytes) {
    var answers = exchange(way, bytes);

    assertThat(answers).doesNotContain("HTTP/1.1 500", Canary.SECRET);
    if (!answers.isEmpty()) {
      assertThat(answers).startsWith("HTTP/1.1 ");
    }
    assertThat(node(way).get("/-/live").text()).isEqualTo("live\n");
  }

  /** All that comes back until the node closes, which it must. */
  private static String exchange(Way way, byte[] bytes) {
    try (var http = node(way).connect()) {
      http.send(bytes);
      http.socket().shutdownOutput();
      return new String(http.in().readAllBytes(), ISO_8859_1);
    } catch (java.net.SocketException reset) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String statuses(String answers) {
    return java.util.regex.Pattern.compile("HTTP/1\\.1 (\\d{3})")
        .matcher(answers)
        .results()
        .map(match -> match.group(1))
        .collect(java.util.stream.Collectors.joining(" "));
  }
}
