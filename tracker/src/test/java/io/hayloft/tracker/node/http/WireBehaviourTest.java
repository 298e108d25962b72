package io.hayloft.tracker.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.FakeNode;
import io.hayloft.tracker.node.FakeNode.Fault;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.node.StorageNodes.Presence;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire to a node, and on which port, as operators of foreign servers see it. */
class WireBehaviourTest {

  private static final byte[] SMALL = "hello".getBytes(US_ASCII);
  private static final DeviceId DEV1 = new DeviceId(1);

  private final Tasks tasks = Tasks.virtual();
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private FakeNode a;
  private FakeNode b;
  private HttpStorageNodes nodes;

  @BeforeEach
  void start() throws Exception {
    a = new FakeNode(5);
    b = new FakeNode(6);
    threads.start();
    nodes = nodes(false);
  }

  private HttpStorageNodes nodes(boolean copyFromGetPort) {
    var limit = Duration.ofSeconds(10);
    return HttpStorageNodes.start(
        new NodeOptions(
            new NodeOptions.Limits(limit, limit, limit), 0, copyFromGetPort, () -> false),
        new HttpStorageNodes.World(threads, tasks, Time.system(), new Random(1)));
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    threads.stop();
    tasks.close();
    a.close();
    b.close();
  }

  private Order copy(Place from) {
    return new Order(from, b.place(2, 17), SMALL.length, Optional.empty(), Optional.empty());
  }

  @Test
  void everyRequestCarriesTheNameOfTheOriginal() {
    a.replica(1, 17, SMALL);
    nodes.look(a.place(1, 17));
    nodes.prepare(List.of(a.place(1, 17)));
    nodes.copy(copy(a.place(1, 17)));
    nodes.delete(a.place(1, 17));
    nodes.usage(a.host(), DEV1);

    assertThat(a.userAgents())
        .hasSize(1)
        .allMatch(name -> name.startsWith("MogileFS::Connection::HTTP/2.73"));
  }

  @Test
  void aConnectionThatDiesBeforeItAnswersIsTriedOnceMore() {
    a.replica(1, 17, SMALL);
    a.does(Fault.DEAD);

    assertThat(nodes.look(a.place(1, 17))).isInstanceOf(Presence.CannotTell.class);
    assertThat(a.count("HEAD ")).isEqualTo(2);
    assertThat(nodes.copy(copy(a.place(1, 17)))).isInstanceOf(Copy.SourceFailed.class);
    assertThat(a.count("GET ")).isEqualTo(2);
    assertThat(b.replicas()).isEmpty();
  }

  @Test
  void aSourceThatDoesNotSayItsLengthIsNotCopied() {
    a.replica(1, 17, SMALL);
    a.does(Fault.CHUNKED);

    assertThat(nodes.copy(copy(a.place(1, 17))))
        .isEqualTo(new Copy.SourceFailed("has -1 bytes, not 5"));
    assertThat(nodes.look(a.place(1, 17))).isEqualTo(new Presence.CannotTell("no Content-Length"));
  }

  @Test
  void aSourceThatSaysAWrongLengthIsNotCopied() {
    a.replica(1, 17, SMALL);
    a.does(Fault.WRONG_LENGTH);

    assertThat(nodes.copy(copy(a.place(1, 17))))
        .isEqualTo(new Copy.SourceFailed("has 6 bytes, not 5"));
  }

  @Test
  void allButReadsByClientsGoesToTheHttpPort() throws IOException {
    try (var reads = new FakeNode(5)) {
      var split = split(reads);
      var place = new Place(split, a.place(1, 17).path());
      a.replica(1, 17, SMALL);

      nodes.prepare(List.of(place));
      assertThat(nodes.look(place)).isEqualTo(new Presence.Present(5));
      assertThat(nodes.digest(place, HashAlgorithm.MD5, 5)).isPresent();
      assertThat(nodes.copy(copy(place))).isInstanceOf(Copy.Made.class);
      nodes.delete(place);
      nodes.rejectsBadMd5(split, DEV1);

      assertThat(reads.requests()).isEmpty();
      assertThat(a.requests()).hasSize(9).contains("GET /-/node");
    }
  }

  @Test
  void copiesReadFromTheGetPortWhenTheyShall() throws IOException {
    try (var reads = new FakeNode(5);
        var other = nodes(true)) {
      var place = new Place(split(reads), a.place(1, 17).path());
      reads.replica(1, 17, SMALL);

      assertThat(other.copy(copy(place))).isInstanceOf(Copy.Made.class);
      assertThat(a.requests()).isEmpty();
    }
  }

  private Host split(FakeNode reads) {
    var addresses = a.host().addresses();
    return new Host(
        new HostId(9),
        "split",
        HostStatus.ALIVE,
        new HostAddresses(
            addresses.ip(),
            addresses.httpPort(),
            OptionalInt.of(reads.host().addresses().httpPort()),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void afterARefusedWriteDirectoriesAreMadeAgain() {
    a.replica(1, 17, SMALL);
    nodes.prepare(List.of(b.place(2, 17)));
    b.does(Fault.FULL);
    nodes.copy(copy(a.place(1, 17)));
    b.does();
    b.forgetRequests();

    nodes.prepare(List.of(b.place(2, 17)));

    assertThat(b.count("MKCOL ")).isEqualTo(3);
  }
}
