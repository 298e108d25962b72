package io.hayloft.tracker.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.node.FakeNode;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Deletion;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.node.StorageNodes.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists and copies, asked of Hayloft's own nodes and of others. */
class NativeHostsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final byte[] SMALL = "hello".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;
  private final Tasks tasks = Tasks.virtual();
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private RealNode here;
  private RealNode there;
  private FakeNode foreign;
  private HttpStorageNodes nodes;

  @BeforeEach
  void start() throws Exception {
    here = new RealNode(directory.resolve("here"), 1);
    there = new RealNode(directory.resolve("there"), 2);
    foreign = new FakeNode(3);
    threads.start();
    nodes =
        HttpStorageNodes.start(
            new NodeOptions(
                new NodeOptions.Limits(PATIENCE, PATIENCE, PATIENCE), 0, false, () -> false),
            new HttpStorageNodes.World(threads, tasks, Time.system(), new Random(1)));
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    threads.stop();
    tasks.close();
    here.close();
    there.close();
    foreign.close();
  }

  private OptionalLong glance(Place place) {
    var heard = new CompletableFuture<OptionalLong>();
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> nodes.glance(place, PATIENCE, heard::complete));
    return heard.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void aGlanceAtANodeThatIsKnownTellsWhatIsThereAndNoMore() throws InterruptedException {
    here.put(1, 17, SMALL);
    assertThat(nodes.glance(here.place(1, 17), PATIENCE, _ -> {})).isFalse();
    nodes.lookAll(here.host(), List.of(here.place(1, 17)));
    nodes.lookAll(foreign.host(), List.of(foreign.place(1, 17)));

    assertThat(glance(here.place(1, 17))).hasValue(SMALL.length);
    assertThat(glance(here.place(1, 18))).isEmpty();
    assertThat(glance(here.place(1, 17))).hasValue(SMALL.length);
    assertThat(nodes.glance(foreign.place(1, 17), PATIENCE, _ -> {})).isFalse();
  }

  private static Order order(Place from, Place to, long length) {
    return new Order(from, to, length, Optional.empty(), Optional.empty());
  }

  private Map<Order, Copy> copyAll(List<Order> orders) throws InterruptedException {
    var ends = new ConcurrentHashMap<Order, Copy>();
    nodes.copyAll(
        orders, (order, copy) -> assertThat(ends.put(order, copy)).as("told once").isNull());
    return ends;
  }

  @Test
  void aNativeDestinationFetchesByItself() throws Exception {
    var md5 = Checksum.of(HashAlgorithm.MD5, MessageDigest.getInstance("MD5").digest(SMALL));
    here.put(1, 17, SMALL);

    var copy =
        nodes.copy(
            new Order(
                here.place(1, 17),
                there.place(2, 17),
                5,
                Optional.of(md5),
                Optional.of(HashAlgorithm.MD5)));

    assertThat(copy).isEqualTo(new Copy.Made(Optional.of(md5)));
    assertThat(there.file(2, 17)).hasBinaryContent(SMALL);
  }

  /** Clients may be sent elsewhere; trackers use the main address, and the get port for usage. */
  @Test
  void aHostIsSpokenToAtItsOwnAddressAndOnlyUsageComesFromItsGetPort() throws Exception {
    try (var gets = new FakeNode(1)) {
      spokenTo(manyAddresses(gets), gets);
    }
  }

  private Host manyAddresses(FakeNode gets) {
    var own = here.host().addresses();
    return here.host()
        .reachedAt(
            new HostAddresses(
                own.ip(),
                own.httpPort(),
                OptionalInt.of(gets.host().addresses().httpPort()),
                Optional.of("127.0.0.9"),
                Optional.of("127.0.0.0/8")));
  }

  private void spokenTo(Host many, FakeNode gets) throws Exception {
    var place = Place.of(many, new DeviceId(1), new Fid(17));
    here.put(1, 17, SMALL);
    gets.device(1, 1_000, 400);
    gets.replica(1, 17, new byte[99]);

    assertThat(nodes.look(place)).isEqualTo(new Presence.Present(5));
    assertThat(nodes.lookAll(many, List.of(place)).values())
        .containsExactly(new Presence.Present(5));
    assertThat(nodes.digest(place, HashAlgorithm.MD5, 5)).isPresent();
    assertThat(nodes.copy(order(place, there.place(2, 17), 5))).isInstanceOf(Copy.Made.class);
    assertThat(nodes.usage(many, new DeviceId(1)))
        .isInstanceOfSatisfying(
            Usage.Read.class, read -> assertThat(read.space().usedMb()).isEqualTo(400));
    var back = Place.of(many, new DeviceId(2), new Fid(17));
    assertThat(nodes.copy(order(there.place(2, 17), back, 5))).isInstanceOf(Copy.Made.class);
    assertThat(here.file(2, 17)).hasBinaryContent(SMALL);
    assertThat(nodes.deleteAll(many, List.of(place)).values()).containsExactly(new Deletion.Gone());
    assertThat(here.file(1, 17)).doesNotExist();
    assertThat(nodes.look(gets.place(1, 17))).isEqualTo(new Presence.Present(99));
  }

  @Test
  void manyAreCopiedInOneCallAndEachEndIsTold() throws Exception {
    var orders = new ArrayList<Order>();
    for (int fid = 1; fid <= 1_200; fid++) {
      here.put(1, fid, SMALL);
      orders.add(order(here.place(1, fid), there.place(1 + fid % 2, fid), 5));
    }
    orders.add(order(here.place(1, 5_000), there.place(1, 5_000), 5));
    orders.add(order(here.place(1, 1), there.place(9, 1), 5));

    var ends = copyAll(orders);

    assertThat(ends).hasSize(1_202);
    assertThat(ends.get(orders.get(1_200))).isEqualTo(new Copy.SourceFailed("HTTP 404"));
    assertThat(ends.get(orders.get(1_201))).isInstanceOf(Copy.DestinationFailed.class);
    assertThat(ends.values().stream().filter(new Copy.Made(Optional.empty())::equals))
        .hasSize(1_200);
    assertThat(there.file(1, 1_200)).hasBinaryContent(SMALL);
  }

  @Test
  void twoCopiesToOnePlaceAreBothTold() throws Exception {
    here.put(1, 1, SMALL);
    var orders =
        List.of(
            order(here.place(1, 1), there.place(2, 7), 5),
            order(here.place(1, 2), there.place(2, 7), 5));

    var ends = copyAll(orders);

    assertThat(ends.get(orders.get(0))).isEqualTo(new Copy.Made(Optional.empty()));
    assertThat(ends.get(orders.get(1))).isEqualTo(new Copy.SourceFailed("HTTP 404"));
    assertThat(there.file(2, 7)).hasBinaryContent(SMALL);
  }

  @Test
  void copiesToAForeignHostAndFromOneAreMadeToo() throws Exception {
    here.put(1, 1, SMALL);
    foreign.replica(1, 2, SMALL);

    var out = order(here.place(1, 1), foreign.place(1, 1), 5);
    var in = order(foreign.place(1, 2), here.place(1, 2), 5);

    assertThat(copyAll(List.of(out))).containsEntry(out, new Copy.Made(Optional.empty()));
    assertThat(copyAll(List.of(in))).containsEntry(in, new Copy.Made(Optional.empty()));
    assertThat(here.file(1, 2)).hasBinaryContent(SMALL);
    assertThat(nodes.look(foreign.place(1, 1))).isEqualTo(new Presence.Present(5));
  }

  @Test
  void manyAreDeletedAndLookedAtInOneCall() throws Exception {
    var places = new ArrayList<Place>();
    for (int fid = 1; fid <= 50; fid++) {
      here.put(1, fid, SMALL);
      places.add(here.place(1, fid));
    }
    var missing = here.place(2, 99);
    places.add(missing);

    var before = nodes.lookAll(here.host(), places);
    var deletions = nodes.deleteAll(here.host(), places);
    var after = nodes.lookAll(here.host(), places);

    assertThat(before).hasSize(51).containsEntry(places.getFirst(), new Presence.Present(5));
    assertThat(before).containsEntry(missing, new Presence.Missing());
    assertThat(deletions.values()).hasSize(51).containsOnly(new Deletion.Gone());
    assertThat(after.values()).hasSize(51).containsOnly(new Presence.Missing());
  }

  @Test
  void aForeignHostIsAskedPlainlyFileByFile() throws Exception {
    foreign.replica(1, 17, SMALL);
    var places = List.of(foreign.place(1, 17), foreign.place(1, 18));

    assertThat(nodes.lookAll(places.getFirst().host(), places))
        .containsEntry(places.get(0), new Presence.Present(5))
        .containsEntry(places.get(1), new Presence.Missing());
    assertThat(nodes.deleteAll(places.getFirst().host(), places).values())
        .containsOnly(new Deletion.Gone());
    assertThat(nodes.look(places.getFirst())).isEqualTo(new Presence.Missing());
  }

  @Test
  void aHostThatIsGoneFailsAsADestination() throws IOException, InterruptedException {
    here.put(1, 17, SMALL);
    var order = order(here.place(1, 17), there.place(1, 17), 5);
    var host = there.host();
    copyAll(List.of(order));
    there.close();

    assertThat(copyAll(List.of(order)).get(order)).isInstanceOf(Copy.DestinationFailed.class);
    assertThat(nodes.deleteAll(host, List.of(order.to())).get(order.to()))
        .isInstanceOf(Deletion.Failed.class);
  }
}
