package io.hayloft.tracker.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NativeNodes.Content;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.node.NativeNodes.Extent;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Deletion;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.node.StorageNodes.Presence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that break off, lie, or come from a server that is not Hayloft's any more. */
class LyingNodeTest {

  private static final Duration SHORT = Duration.ofMillis(700);
  private static final DeviceId DEV1 = new DeviceId(1);

  @TempDir Path directory;
  private final Tasks tasks = Tasks.virtual();
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private ScriptedNode node;
  private HttpStorageNodes nodes;
  private NativeNodes natives;

  @BeforeEach
  void start() throws Exception {
    node = new ScriptedNode();
    threads.start();
    nodes =
        HttpStorageNodes.start(
            new NodeOptions(new NodeOptions.Limits(SHORT, SHORT, SHORT), 0, false, () -> false),
            new HttpStorageNodes.World(threads, tasks, Time.system(), new Random(1)));
    natives = nodes.natives();
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    threads.stop();
    tasks.close();
    node.close();
  }

  private Place place(long fid) {
    return Place.of(node.host(), DEV1, new Fid(fid));
  }

  private Order order(long fid, Optional<HashAlgorithm> wanted) {
    return new Order(place(100 + fid), place(fid), 5, Optional.empty(), wanted);
  }

  private Map<Order, Copy> copyAll(List<Order> orders) throws InterruptedException {
    var ends = new ConcurrentHashMap<Order, Copy>();
    nodes.copyAll(
        orders, (order, copy) -> assertThat(ends.put(order, copy)).as("told once").isNull());
    return ends;
  }

  @Test
  void anAnswerThatBreaksOffCountsAsFarAsItCame() throws InterruptedException {
    var orders =
        List.of(order(1, Optional.empty()), order(2, Optional.empty()), order(3, Optional.empty()));
    node.says(
        "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"
            + place(2).path()
            + " made 5 CRC32C:9a71bb4c\n"
            + "\n"
            + place(1).path()
            + " source HTTP 404\n"
            + place(3).path()
            + " made 5 CRC32C:9a7");

    var ends = copyAll(orders);

    assertThat(ends.get(orders.get(1))).isEqualTo(new Copy.Made(Optional.empty()));
    assertThat(ends.get(orders.get(0))).isEqualTo(new Copy.SourceFailed("HTTP 404"));
    assertThat(ends.get(orders.get(2))).isInstanceOf(Copy.DestinationFailed.class);
  }

  @Test
  void aNodeThatIsBusyIsAskedAgain() throws InterruptedException {
    var order = order(1, Optional.empty());
    node.says(503, "busy");
    var then =
        tasks.start(
            "then",
            () -> {
              await().until(() -> node.heads().stream().anyMatch(it -> it.contains("/-/copy")));
              node.says(200, place(1).path() + " made 5 CRC32C:9a71bb4c\n");
            });

    assertThat(copyAll(List.of(order))).containsEntry(order, new Copy.Made(Optional.empty()));
    assertThat(then.join(SHORT)).isTrue();
  }

  /** It may be starting: what it can is not forgotten, and it is not spoken to as a foreign one. */
  @Test
  void aNodeThatIsSilentIsWhatItWas() {
    var time = ManualTime.start();
    var options =
        new NodeOptions(new NodeOptions.Limits(SHORT, SHORT, SHORT), 0, false, () -> false);
    try (var patient =
        HttpStorageNodes.start(
            options, new HttpStorageNodes.World(threads, tasks, time, new Random(1)))) {
      assertThat(patient.natives().isNative(node.host())).isTrue();
      node.pageIs("");
      time.advance(Duration.ofSeconds(61));
      assertThat(patient.natives().isNative(node.host())).isTrue();
      node.pageIs(ScriptedNode.head(404, ""));
      time.advance(Duration.ofSeconds(11));
      assertThat(patient.natives().isNative(node.host())).isFalse();
    }
  }

  @Test
  void whatWasNotAskedForIsNotHeard() throws InterruptedException {
    var order = order(1, Optional.of(HashAlgorithm.MD5));
    var md5 = "MD5:5d41402abc4b2a76b9719d911017c592";
    node.says(
        200,
        place(7).path()
            + " made 5 CRC32C:9a71bb4c\n"
            + "nonsense\n"
            + place(1).path()
            + " made 5 CRC32C:9a71bb4c "
            + md5
            + "\n"
            + place(1).path()
            + " source changed its mind\n");

    assertThat(copyAll(List.of(order))).containsEntry(order, new Copy.Made(Checksum.parse(md5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "made 6 CRC32C:9a71bb4c MD5:5d41402abc4b2a76b9719d911017c592",
        "made 5 CRC32C:9a71bb4c",
        "made 5 CRC32C:9a71bb4c MD5:5d41",
        "made",
        "perhaps",
        "destination No space left on device",
      })
  void onlyWhatSaysThatAllIsThereIsACopy(String words) throws InterruptedException {
    node.says(200, place(1).path() + " " + words + "\n");
    var order = order(1, Optional.of(HashAlgorithm.MD5));

    assertThat(copyAll(List.of(order)).get(order)).isInstanceOf(Copy.DestinationFailed.class);
    assertThat(nodes.copy(order)).isInstanceOf(Copy.DestinationFailed.class);
  }

  @Test
  void aNodeThatHangsFailsSoonAndIsNotAskedAgainAndAgain() throws InterruptedException {
    node.hangs(true);
    for (int i = 0; i < 5; i++) {
      assertThat(natives.isNative(node.host())).isFalse();
    }
    assertThat(node.heads()).hasSize(1);
  }

  @Test
  void aNativeNodeThatBeginsToHangFailsAsADestination() throws InterruptedException {
    assertThat(natives.isNative(node.host())).isTrue();
    node.hangs(true);
    var order = order(1, Optional.empty());

    assertThat(copyAll(List.of(order)).get(order)).isInstanceOf(Copy.DestinationFailed.class);
    assertThat(nodes.deleteAll(node.host(), List.of(place(1))).get(place(1)))
        .isInstanceOf(Deletion.Failed.class);
    assertThat(nodes.lookAll(node.host(), List.of(place(1))).get(place(1)))
        .isInstanceOf(Presence.CannotTell.class);
    assertThat(natives.isNative(node.host())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 405, 501})
  void aServerThatKnowsNoSuchRequestIsSpokenToPlainlyAtOnce(int status) throws Exception {
    assertThat(natives.isNative(node.host())).isTrue();
    node.says(status, "");

    assertThat(nodes.deleteAll(node.host(), List.of(place(1), place(2)))).hasSize(2);

    assertThat(node.heads()).filteredOn(head -> head.startsWith("POST")).hasSize(1);
    assertThat(node.heads()).filteredOn(head -> head.startsWith("DELETE")).hasSize(2);
    assertThat(natives.isNative(node.host())).isFalse();
    nodes.deleteAll(node.host(), List.of(place(1)));
    assertThat(node.heads()).filteredOn(head -> head.startsWith("POST")).hasSize(1);
  }

  @Test
  void linesWithoutEndOfANodeThatLiesAreNotReadForEver() throws InterruptedException {
    node.says("HTTP/1.1 200 OK\r\n\r\n" + "nonsense it is\n".repeat(5_000));

    assertThat(nodes.deleteAll(node.host(), List.of(place(1))).get(place(1)))
        .isEqualTo(new Deletion.Failed("answers nonsense"));

    node.says("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_000));

    assertThat(nodes.deleteAll(node.host(), List.of(place(1))).get(place(1)))
        .isEqualTo(new Deletion.Failed("sends a line without end"));
  }

  @Test
  void looksAndDeletionsAreReadAsTheyAreSaid() throws InterruptedException {
    var places = List.of(place(1), place(2), place(3));
    node.says(
        200,
        place(1).path()
            + " 5 1700000000 -\n"
            + place(2).path()
            + " missing\n"
            + place(3).path()
            + " failed the disk is gone\n");
    assertThat(nodes.lookAll(node.host(), places))
        .containsEntry(place(1), new Presence.Present(5))
        .containsEntry(place(2), new Presence.Missing())
        .containsEntry(place(3), new Presence.CannotTell("the disk is gone"));

    node.says(200, place(1).path() + " gone\n" + place(2).path() + " failed no\n");
    assertThat(nodes.deleteAll(node.host(), places))
        .containsEntry(place(1), new Deletion.Gone())
        .containsEntry(place(2), new Deletion.Failed("no"))
        .hasEntrySatisfying(place(3), end -> assertThat(end).isInstanceOf(Deletion.Failed.class));
  }

  @Test
  void devicesAreReadFromThePage() throws IOException {
    assertThat(natives.devices(node.host()))
        .containsEntry(
            DEV1,
            new NativeNodes.DeviceAnswer(
                Optional.of("7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b"),
                Optional.empty(),
                Optional.empty()))
        .containsEntry(
            new DeviceId(2),
            new NativeNodes.DeviceAnswer(
                Optional.empty(),
                Optional.of("its directory says that it is dev7"),
                Optional.empty()))
        .containsEntry(
            new DeviceId(3),
            new NativeNodes.DeviceAnswer(
                Optional.empty(),
                Optional.empty(),
                Optional.of("a sync failed (Input/output error), and it was not checked since")))
        .hasSize(3);
  }

  private List<Entry> list(Extent extent) throws IOException {
    var entries = new ArrayList<Entry>();
    try (var manifest = natives.manifest(node.host(), DEV1, extent)) {
      for (var next = manifest.next(); next.isPresent(); next = manifest.next()) {
        entries.add(next.get());
      }
      assertThat(manifest.next()).isEmpty();
    }
    return entries;
  }

  @Test
  void aListingIsReadInOrder() throws IOException {
    node.says(200, "5 1 1700000000 9a71bb4c\n\n17 0 1700000001 -\nend 2\n");

    assertThat(list(Extent.of(4, 17)))
        .containsExactly(
            new Entry(new Fid(5), 1, 1_700_000_000, OptionalInt.of(0x9a71bb4c), Content.UNREAD),
            new Entry(new Fid(17), 0, 1_700_000_001, OptionalInt.empty(), Content.UNREAD));
    assertThat(node.heads().getLast()).startsWith("GET /-/manifest/dev1?after=4&until=17&beat=1 ");
  }

  @Test
  void digestsOfAListingAreReadAndWhatIsUnreadableToo() throws IOException {
    var md5 = "MD5:5d41402abc4b2a76b9719d911017c592";
    node.says(200, "5 5 17 9a71bb4c CRC32C:00000001 " + md5 + "\n6 5 17 - unreadable\nend 2\n");
    var extent =
        new Extent(0, Long.MAX_VALUE, Set.of(HashAlgorithm.MD5), true, OptionalLong.of(1_000_000));

    var entries = list(extent);

    assertThat(entries.get(0).crcNow()).hasValue(1);
    assertThat(entries.get(0).digests()).containsExactly(Checksum.parse(md5).orElseThrow());
    assertThat(entries.get(1).readable()).isFalse();
    assertThat(node.heads().getLast())
        .startsWith("GET /-/manifest/dev1?after=0&digest=CRC32C,MD5&rate=1000000&beat=1 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5 1 17 -\n",
        "5 1 17 -\nend 2\n",
        "5 1 17 -\n5 1 17 -\nend 2\n",
        "9 1 17 -\n5 1 17 -\nend 2\n",
        "4 1 17 -\nend 1\n",
        "21 1 17 -\nend 1\n",
        "5 1 17\nend 1\n",
        "5 1 17 9a71bb4\nend 1\n",
        "5 1 17 - SHA-512:9a71bb4c\nend 1\n",
        "5 -1 17 -\nend 1\n",
        "5 1 17 -\nend 1 \n",
        "5 1 17 -\nende 1\n",
        "9999999999999999999 1 17 -\nend 1\n",
        "hello\n",
        "end 0",
      })
  void aListingThatIsNotWholeOrNotInOrderIsNone(String body) {
    node.says(200, body);

    assertThatThrownBy(() -> list(Extent.of(4, 20))).isInstanceOf(IOException.class);
  }

  @Test
  void quarantineAndFindings() throws IOException {
    node.says(
        200,
        place(1).path()
            + " quarantined\n"
            + place(2).path()
            + " missing\n"
            + place(3).path()
            + " failed no\n");
    assertThat(
            natives.quarantine(
                node.host(), List.of(place(1), place(2), place(3), place(4)), "orphan"))
        .containsExactlyInAnyOrder(place(1), place(2));

    node.says(200, place(1).path() + " 1700000000 CRC32C is not what it was\n");
    var findings = natives.findings(node.host());
    assertThat(findings)
        .containsExactly(
            new NativeNodes.Finding(place(1), 1_700_000_000, "CRC32C is not what it was"));

    node.says(200, place(1).path() + " forgotten\n");
    natives.acknowledge(node.host(), findings);
    node.says(200, "");
    assertThatThrownBy(() -> natives.acknowledge(node.host(), findings))
        .isInstanceOf(IOException.class);
    node.says(500, "");
    assertThatThrownBy(() -> natives.findings(node.host())).isInstanceOf(IOException.class);
  }

  /** Who fetches can be told by the name under which it asks. */
  @Test
  void theTrackerOpensNoConnectionToTheSource() throws Exception {
    node.says(200, "hello");
    try (var destination = new RealNode(directory, 1)) {
      var order =
          new Order(place(17), destination.place(1, 17), 5, Optional.empty(), Optional.empty());

      assertThat(copyAll(List.of(order))).containsEntry(order, new Copy.Made(Optional.empty()));

      assertThat(node.heads()).hasSize(1);
      assertThat(node.heads().getFirst())
          .startsWith("GET " + place(17).path() + " HTTP/1.1\r\n")
          .contains("User-Agent: Hayloft\r\n");
    }
  }

  private Presence look(Place place) {
    var heard = new CompletableFuture<Presence>();
    assertThat(nodes.look(place, heard::complete)).isTrue();
    return heard.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Test
  void looksOverKeptConnectionsTellWhatANodeHasAndThatItChanged() {
    try (var real = new RealNode(directory, 7)) {
      assertThat(nodes.verifiesCopies(real.host())).isTrue();
      real.put(1, 17, new byte[5]);
      for (int i = 0; i < 20; i++) {
        assertThat(look(real.place(1, 17))).isEqualTo(new Presence.Present(5));
        assertThat(look(real.place(1, 18))).isEqualTo(new Presence.Missing());
      }
      nodes.delete(real.place(1, 17));
      assertThat(look(real.place(1, 17))).isEqualTo(new Presence.Missing());
    }
  }

  @Test
  void anotherServerInTheNodesPlaceIsNotBelievedByHalf() {
    assertThat(nodes.verifiesCopies(node.host())).isTrue();
    node.keepsConnections();
    node.says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    for (int i = 0; i < 20; i++) {
      assertThat(look(place(17))).isEqualTo(new Presence.Present(5));
    }
    node.says("HTTP/1.1 200 OK\r\nServer: lighttpd\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 5; i++) {
      assertThat(look(place(17))).isEqualTo(new Presence.Present(0));
    }
  }
}
