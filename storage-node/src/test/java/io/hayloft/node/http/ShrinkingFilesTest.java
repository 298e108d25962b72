package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that somebody shortens or removes while they are open or on their way: what is sent is
 * bytes of the file, and when there are not enough of them the connection is closed.
 */
@ParameterizedClass
@EnumSource(Way.class)
class ShrinkingFilesTest {

  /** How often a file was read: it is not open, open, or also in memory. */
  private static final int[] READS = {0, 1, 3};

  private final Way way;
  @TempDir Path docroot;
  private TestNode node;

  ShrinkingFilesTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot, way);
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  /** How a GET can be put, each of which is read and sent in its own way. */
  enum Form {
    PLAIN("HTTP/1.1\r\nHost: node\r\n", 0),
    PARSED("HTTP/1.1\r\nHost: node\r\nX-Unusual: yes\r\n", 0),
    HTTP_1_0("HTTP/1.0\r\n", 0),
    RANGE("HTTP/1.1\r\nHost: node\r\nRange: bytes=1-\r\n", 1),
    RANGE_BY_HTTP_1_0("HTTP/1.0\r\nRange: bytes=1-\r\n", 1);

    private final String head;
    private final int from;

    Form(String head, int from) {
      this.head = head;
      this.from = from;
    }

    byte[] request(String path) {
      return ("GET " + path + " " + head + "\r\n").getBytes(US_ASCII);
    }
  }

  /**
   * What came.
   *
   * @param length as announced
   */
  // Looked into, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Got(int status, int length, byte[] body) {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    /** Reads until all that was announced has come or the node has closed the connection. */
    static Got read(InputStream in) throws IOException {
      var head = new ByteArrayOutputStream();
      while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) {
          assertThat(head.size()).isZero();
          return new Got(0, 0, new byte[0]);
        }
        head.write(b);
      }
      var text = head.toString(ISO_8859_1);
      var length = LENGTH.matcher(text);
      assertThat(length.find()).describedAs(text).isTrue();
      int announced = Integer.parseInt(length.group(1));
      return new Got(Integer.parseInt(text.substring(9, 12)), announced, body(in, announced));
    }

    private static byte[] body(InputStream in, int most) throws IOException {
      var body = new ByteArrayOutputStream();
      try {
        while (body.size() < most) {
          var some = in.readNBytes(Math.min(1 << 16, most - body.size()));
          if (some.length == 0) {
            break;
          }
          body.writeBytes(some);
        }
      } catch (SocketException reset) {
        // What came before it counts.
      }
      return body.toByteArray();
    }
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /**
   * @param receiveBuffer small for who wants to have the rest of an answer still before it
   */
  private Socket connect(int receiveBuffer) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(20_000);
    var address = node.node().httpAddress();
    socket.connect(new InetSocketAddress(address.host(), address.port()));
    return socket;
  }

  private Got ask(Form form, String path) throws IOException {
    try (var socket = connect(1 << 20)) {
      socket.getOutputStream().write(form.request(path));
      return Got.read(socket.getInputStream());
    }
  }

  /** Sees to it that the node has the file open, and when it is small its bytes in memory. */
  private String stored(String name, byte[] content, int reads) {
    var path = "/dev1/s/" + name + "-" + content.length + "-" + reads;
    assertThat(node.put(path, content).status()).isEqualTo(200);
    for (int time = 0; time < reads; time++) {
      assertThat(node.get(path).body()).isEqualTo(content);
    }
    return path;
  }

  private void shorten(String path, int length) throws IOException {
    try (var file = FileChannel.open(node.file(path), StandardOpenOption.WRITE)) {
      file.truncate(length);
    }
  }

  /** Bytes of one of the two states, all of one that was announced or as many as there are. */
  private static void assertHonest(Form form, Got got, byte[] before, int shortened) {
    if (got.status() != 200 && got.status() != 206) {
      assertThat(got.status()).isIn(0, 404, 416, 500);
      return;
    }
    int end = got.length() + form.from;
    assertThat(end).isIn(before.length, shortened);
    assertThat(got.body())
        .isEqualTo(Arrays.copyOfRange(before, form.from, form.from + got.body().length));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_024, 16_384, 65_536, 65_537, 200_000, 1_000_000, 17 << 20})
  void aFileThatWasShortenedSinceItWasOpened(int length) throws IOException {
    var content = random(length);
    for (int reads : READS) {
      var path = stored("short", content, reads);
      shorten(path, length / 2);
      for (var form : Form.values()) {
        assertHonest(form, ask(form, path), content, length / 2);
      }
    }
    assertThat(node.get("/-/live").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 16_384, 65_537, 1_000_000})
  void aFileThatWasRemovedSinceItWasOpened(int length) throws IOException {
    var content = random(length);
    for (int reads : READS) {
      var path = stored("removed", content, reads);
      Files.delete(node.file(path));
      for (var form : Form.values()) {
        var got = ask(form, path);
        assertThat(got.status()).isIn(200, 206, 404);
        if (got.status() != 404) {
          assertThat(got.body()).isEqualTo(Arrays.copyOfRange(content, form.from, length));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsShortenedOnItsWay(Form form) throws IOException {
    var content = random(12 << 20);
    var path = stored("on-its-way-" + form, content, 2);
    try (var socket = connect(8_192)) {
      socket.getOutputStream().write(form.request(path));
      var in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      // To nothing: of a page that is cut the kernel blanks the rest, also where it waits to be
      // sent.
      shorten(path, 0);

      var got = Got.read(new java.io.SequenceInputStream(one('H'), in));

      assertThat(got.length()).isEqualTo(content.length - form.from);
      assertThat(got.body().length).isLessThan(got.length());
      assertHonest(form, got, content, content.length);
    }
  }

  private static InputStream one(char c) {
    return new java.io.ByteArrayInputStream(new byte[] {(byte) c});
  }
}
