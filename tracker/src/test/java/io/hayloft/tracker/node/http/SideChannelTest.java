package io.hayloft.tracker.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.http.SideChannel.Said;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SideChannelTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String PATH = "/dev1/0/000/000/0000000017.fid";
  private static final String MD5 = "5d41402abc4b2a76b9719d911017c592";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private ServerSocket listener;
  private volatile String reply = "";
  private SideChannel channel;

  @BeforeEach
  void start() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.3"));
    Thread.ofVirtual().start(this::serve);
    channel =
        new SideChannel(
            listener.getLocalPort(), new NodeOptions.Limits(SHORT, SHORT, SHORT), Time.system());
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  @Test
  void aDigestIsReadFromItsLine() {
    reply = PATH + " MD5=" + MD5 + "\r\n";

    assertThat(digest()).isEqualTo(new Said.Is(new Checksum(HashAlgorithm.MD5, MD5)));
    assertThat(asked).containsExactly("MD5 " + PATH);
  }

  @Test
  void aFileThatCannotBeReadIsSaidToBe() {
    reply = PATH + " MD5=-1\r\n";
    assertThat(digest()).isEqualTo(new Said.Unreadable());
    reply = "ERR read " + PATH + " at 17 failed\r\n";
    assertThat(digest()).isEqualTo(new Said.Unreadable());
  }

  @Test
  void aNodeThatDoesNotUnderstandIsAskedOnce() {
    reply = "ERROR: unknown command: MD5\r\n";

    assertThat(digest()).isEqualTo(new Said.NotAvailable());
    assertThat(digest()).isEqualTo(new Said.NotAvailable());
    assertThat(asked).hasSize(1);
  }

  @Test
  void aNodeThatDoesNotAnswerIsAskedOnce() {
    assertThat(digest()).isEqualTo(new Said.NotAvailable());
    assertThat(digest()).isEqualTo(new Said.NotAvailable());
    assertThat(asked).hasSize(1);
  }

  @Test
  void anAnswerToAnotherQuestionIsNone() {
    reply = "/dev2/0/000/000/0000000017.fid MD5=" + MD5 + "\r\n";

    assertThat(digest()).isEqualTo(new Said.NotAvailable());
  }

  private Said digest() {
    var host = new Host(new HostId(1), "a", HostStatus.ALIVE, HostAddresses.of("127.0.0.3", 7500));
    return channel.digest(Place.of(host, new DeviceId(1), new Fid(17)), HashAlgorithm.MD5, 5);
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (var socket = listener.accept();
          var in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        asked.add(in.readLine());
        socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
        if (reply.isEmpty()) {
          in.readLine();
        }
      } catch (IOException e) {
        // The test is over, or the asker went away.
      }
    }
  }
}
