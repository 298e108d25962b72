package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import io.hayloft.runtime.config.Address;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files are the same over TLS and HTTP/2, and neither lets a client take more than its share. */
class ProtocolsTest {

  private static final String PASSWORD = "not so secret";
  private static final int[] LENGTHS = {0, 1, 16_384, 65_536, 65_537, 2_000_000};

  @TempDir static Path place;
  private static TestNode node;
  private static SSLContext trust;

  enum Spoken {
    TLS(true, HttpClient.Version.HTTP_1_1),
    TLS_AND_HTTP_2(true, HttpClient.Version.HTTP_2),
    HTTP_2_IN_CLEAR(false, HttpClient.Version.HTTP_2);

    private final boolean tls;
    private final HttpClient.Version version;

    Spoken(boolean tls, HttpClient.Version version) {
      this.tls = tls;
      this.version = version;
    }

    HttpClient client() {
      return HttpClient.newBuilder().version(version).sslContext(trust).build();
    }

    URI uri(String path) {
      var address = tls ? node.node().tlsAddress().orElseThrow() : node.node().httpAddress();
      return URI.create((tls ? "https://" : "http://") + "127.0.0.1:" + address.port() + path);
    }
  }

  @BeforeAll
  static void startNode() throws Exception {
    var keyStore = place.resolve("node.p12");
    makeKey(keyStore);
    var password = Files.writeString(place.resolve("password"), PASSWORD + "\n");
    trust = trusting(keyStore);
    var docroot = Files.createDirectories(place.resolve("docroot"));
    Files.createDirectories(docroot.resolve("dev1"));
    var usual = TestNode.config(docroot, limits -> limits);
    var tls =
        new StorageNodeConfig.Tls(
            Optional.of(new Address("127.0.0.1", 0)), Optional.of(keyStore), Optional.of(password));
    node = TestNode.with(usual.with(usual.http().with(true, tls)));
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  private static void makeKey(Path keyStore) throws Exception {
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=node",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keyStore.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(keytool.waitFor()).as(said).isZero();
  }

  private static SSLContext trusting(Path keyStore) throws Exception {
    var keys = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("node", keys.getCertificate("node"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static HttpResponse<byte[]> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void filesAreStoredAndServed(Spoken spoken) throws Exception {
    try (var client = spoken.client()) {
      var live = send(client, HttpRequest.newBuilder(spoken.uri("/-/live")));
      assertThat(live.version()).isEqualTo(spoken.version);
      for (int length : LENGTHS) {
        var file = HttpRequest.newBuilder(spoken.uri("/dev1/a/" + spoken + length));
        var body = bytes(length);

        var put = send(client, file.copy().PUT(BodyPublishers.ofByteArray(body)));
        var head = send(client, file.copy().HEAD());

        assertThat(put.version()).isEqualTo(spoken.version);
        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(node.file("/dev1/a/" + spoken + length)).hasBinaryContent(body);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("content-length")).hasValue(length);
        for (int time = 0; time < 2; time++) {
          var get = send(client, file.copy());
          assertThat(get.statusCode()).isEqualTo(200);
          assertThat(get.body()).isEqualTo(body);
          assertThat(get.headers().firstValue("repr-digest"))
              .isEqualTo(put.headers().firstValue("repr-digest"))
              .isPresent();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void partsRefusalsAndDeletionsAreAsEverywhere(Spoken spoken) throws Exception {
    try (var client = spoken.client()) {
      send(client, HttpRequest.newBuilder(spoken.uri("/-/live")));
      var body = bytes(1_000_000);
      var file = HttpRequest.newBuilder(spoken.uri("/dev1/b/" + spoken));
      send(client, file.copy().PUT(BodyPublishers.ofByteArray(body)));

      var part = send(client, file.copy().header("Range", "bytes=70000-899999"));
      var none = send(client, file.copy().header("Range", "bytes=1000000-"));
      var wrong =
          send(
              client,
              file.copy()
                  .header("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")
                  .PUT(BodyPublishers.ofByteArray(bytes(100_000))));
      var nowhere =
          send(
              client,
              HttpRequest.newBuilder(spoken.uri("/dev9/b/x"))
                  .PUT(BodyPublishers.ofByteArray(bytes(300_000))));
      var climbing = send(client, HttpRequest.newBuilder(spoken.uri("/dev1/../../secret")));

      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(body, 70_000, 900_000));
      assertThat(none.statusCode()).isEqualTo(416);
      assertThat(wrong.statusCode()).isEqualTo(400);
      assertThat(nowhere.statusCode()).isEqualTo(404);
      assertThat(climbing.statusCode()).isBetween(400, 404);
      assertThat(send(client, file.copy()).body()).isEqualTo(body);
      assertThat(send(client, file.copy().DELETE()).statusCode()).isEqualTo(204);
      assertThat(send(client, file.copy()).statusCode()).isEqualTo(404);
      assertThat(send(client, file.copy().DELETE()).statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void manyRequestsAtATimeGetWhatTheyAskedFor(Spoken spoken) throws Exception {
    try (var client = spoken.client()) {
      send(client, HttpRequest.newBuilder(spoken.uri("/-/live")));
      var puts = new ArrayList<CompletableFuture<HttpResponse<Void>>>();
      for (int i = 0; i < 60; i++) {
        var request =
            HttpRequest.newBuilder(spoken.uri("/dev1/c/" + spoken + i))
                .PUT(BodyPublishers.ofByteArray(bytes(i * 1_500)));
        puts.add(client.sendAsync(request.build(), BodyHandlers.discarding()));
      }
      for (var put : puts) {
        assertThat(put.get().statusCode()).isEqualTo(200);
      }
      var gets = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
      for (int i = 0; i < 60; i++) {
        var request = HttpRequest.newBuilder(spoken.uri("/dev1/c/" + spoken + i)).build();
        gets.add(client.sendAsync(request, BodyHandlers.ofByteArray()));
      }
      for (int i = 0; i < 60; i++) {
        assertThat(gets.get(i).get().body()).isEqualTo(bytes(i * 1_500));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void headersAreBounded(Spoken spoken) throws Exception {
    try (var client = spoken.client()) {
      send(client, HttpRequest.newBuilder(spoken.uri("/-/live")));
      var large =
          HttpRequest.newBuilder(spoken.uri("/-/live")).header("X-Large", "x".repeat(20_000));
      try {
        assertThat(send(client, large).statusCode()).isEqualTo(431);
      } catch (IOException broken) {
        assertThat(broken).isNotNull();
      }
      assertThat(send(client, HttpRequest.newBuilder(spoken.uri("/-/live"))).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void withoutATrustedKeyNobodyIsTalkedTo() {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(Spoken.TLS.uri("/-/live")).build();
      assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
          .isInstanceOf(javax.net.ssl.SSLHandshakeException.class);
    }
  }

  /** Frames of HTTP/2, made by hand. */
  private static byte[] frame(int type, int flags, int stream, byte... payload) {
    var frame = new ByteArrayOutputStream();
    frame.writeBytes(
        new byte[] {
          (byte) (payload.length >> 16),
          (byte) (payload.length >> 8),
          (byte) payload.length,
          (byte) type,
          (byte) flags,
          0,
          0,
          (byte) (stream >> 8),
          (byte) stream
        });
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** {@code GET /-/live}, its path as a literal. */
  private static byte[] live(int stream) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x04, 7});
    block.writeBytes("/-/live".getBytes(US_ASCII));
    return frame(1, 0x5, stream, block.toByteArray());
  }

  // Looked into, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Frame(int type, byte[] payload) {

    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    static Frame read(DataInputStream in) throws IOException {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(5);
      var payload = new byte[length];
      in.readFully(payload);
      return new Frame(type, payload);
    }
  }

  private static Socket beginHttp2() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.node().httpAddress().port());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    return socket;
  }

  @Test
  void whoBeginsAndBreaksOffStreamsAllTheTimeIsCutOff() throws IOException {
    try (var socket = beginHttp2()) {
      var in = new DataInputStream(socket.getInputStream());
      var out = socket.getOutputStream();
      out.write(frame(Frame.SETTINGS, 0, 0));
      assertThat(Frame.read(in).type()).isEqualTo(Frame.SETTINGS);
      try {
        for (int stream = 1; stream < 8_000; stream += 2) {
          out.write(live(stream));
          out.write(frame(3, 0, stream, new byte[] {0, 0, 0, 8}));
        }
      } catch (SocketException cutOff) {
        // Before all was sent.
      }
      assertThat(reasonOfTheEnd(in)).isIn(List.of(11, -1));
    }
    assertThat(node.get("/-/live").status()).isEqualTo(200);
  }

  /** The error code of GOAWAY (11 is ENHANCE_YOUR_CALM); -1 when a reset has overtaken it. */
  private static int reasonOfTheEnd(DataInputStream in) throws IOException {
    try {
      for (var frame = Frame.read(in); true; frame = Frame.read(in)) {
        if (frame.type() == Frame.GOAWAY) {
          return frame.payload()[7];
        }
      }
    } catch (EOFException | SocketException end) {
      return -1;
    }
  }

  private static SSLSocket beginTls(String... cipherSuites) throws IOException {
    var port = node.node().tlsAddress().orElseThrow().port();
    var socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    if (cipherSuites.length > 0) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(cipherSuites);
    }
    socket.startHandshake();
    return socket;
  }

  @Test
  void whoNegotiatesNoProtocolIsSpokenToInHttp11() throws IOException {
    try (var socket = beginTls()) {
      socket
          .getOutputStream()
          .write("GET /-/live HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 200 ")
          .doesNotContainIgnoringCase("server:");
    }
  }

  @Test
  void ofTheCiphersThatAClientOffersTheNodeTakesTheStrong() throws IOException {
    var weak = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";
    var strong = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    try (var socket = beginTls(weak, strong)) {
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(strong);
    }
  }

  @Test
  void theNumberOfStreamsAndWhatIsSentAheadIsBounded() throws IOException {
    try (var socket = beginHttp2()) {
      var in = new DataInputStream(socket.getInputStream());
      var first = Frame.read(in);
      assertThat(first.type()).isEqualTo(Frame.SETTINGS);
      var payload = ByteBuffer.wrap(first.payload());
      var settings = new HashMap<Integer, Integer>();
      while (payload.hasRemaining()) {
        settings.put((int) payload.getShort(), payload.getInt());
      }
      assertThat(settings).containsEntry(3, 128).containsEntry(4, 256 << 10);
      // A connection begins with a window of 65,535 bytes.
      var second = Frame.read(in);
      assertThat(second.type()).isEqualTo(Frame.WINDOW_UPDATE);
      assertThat(ByteBuffer.wrap(second.payload()).getInt()).isEqualTo((512 << 10) - 65_535);
    }
  }
}
