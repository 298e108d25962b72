package io.hayloft.tracker.node.http;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storage nodes over HTTP. Hayloft's own are asked for many things at once and copy from each
 * other; all others are spoken to with plain verbs, which any server that takes PUT and DELETE
 * understands. Refuses to guess: what is not an answer is said to be none.
 */
public final class HttpStorageNodes implements StorageNodes, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpStorageNodes.class);

  private static final String LOOK = "HEAD";
  private static final int BUFFER = 64 * 1024;

  /** How many plain requests of one list are under way at a time. */
  private static final int SIDE_BY_SIDE = 8;

  private static final String FAILED = "failed ";
  private static final int COPIES_SIDE_BY_SIDE = 4;

  private final NodeHttp http;
  private final Directories directories;
  private final Copying copying;
  private final NativeHosts nativeHosts;
  private final NativeList nativeLists;
  private final NativeCopying nativeCopying;
  private final SideChannel sideChannel;
  private final Utilizations utilizations;
  private final DeviceTrials trials;
  private final KeptLooks looks;
  private final Duration patience;
  private final World world;
  private final RepeatedCauses causes;

  /**
   * What is needed of the world.
   *
   * @param executor runs the HTTP client; its threads should be of the operating system, because
   *     one of them waits for sockets all the time
   */
  public record World(Executor executor, Tasks tasks, Time time, RandomGenerator random) {}

  private HttpStorageNodes(NodeOptions options, World world) {
    this.world = world;
    this.causes = new RepeatedCauses(log, world.time());
    this.http = new NodeHttp(options.limits(), world.executor(), world.time());
    this.directories = new Directories(http, options.skipMkcol(), world.time());
    this.copying = new Copying(http, options.copyFromGetPort());
    this.nativeHosts = new NativeHosts(http, world.time());
    this.nativeLists = new NativeList(http, nativeHosts, world.time());
    this.nativeCopying = new NativeCopying(nativeLists, options.copyFromGetPort());
    this.sideChannel = new SideChannel(options.sideChannelPort(), options.limits(), world.time());
    this.utilizations =
        new Utilizations(options.sideChannelPort(), options.limits(), world.tasks(), world.time());
    this.trials = new DeviceTrials(http, directories, world.time(), world.random());
    this.looks = new KeptLooks(options.limits().connect(), world.time());
    this.patience = options.limits().reply();
  }

  public static HttpStorageNodes start(NodeOptions options, World world) {
    var nodes = new HttpStorageNodes(options, world);
    nodes.http.start();
    nodes.world.executor().execute(nodes.looks::read);
    return nodes;
  }

  @Override
  public Presence look(Place place) {
    return presence(http.exchange(LOOK, url(place), Purpose.COMMAND));
  }

  @Override
  public boolean look(Place place, Consumer<Presence> then) {
    if (!nativeHosts.isKnown(place.host()) || !lookBriefly(place, then)) {
      lookByGeneralClient(place, then);
    }
    return true;
  }

  private boolean lookBriefly(Place place, Consumer<Presence> then) {
    return askBriefly(
        place,
        patience,
        (end, length) -> {
          switch (end) {
            case PRESENT -> then.accept(new Presence.Present(length));
            case LATE -> then.accept(new Presence.CannotTell(NodeHttp.TOO_LATE));
            case UNUSUAL -> lookByGeneralClient(place, then);
          }
        });
  }

  @Override
  public boolean glance(Place place, Duration patience, Consumer<OptionalLong> then) {
    return nativeHosts.isKnown(place.host())
        && askBriefly(
            place,
            patience,
            (end, length) ->
                then.accept(
                    end == KeptLooks.End.PRESENT ? OptionalLong.of(length) : OptionalLong.empty()));
  }

  private boolean askBriefly(Place place, Duration patience, KeptLooks.Asker asker) {
    var event = new NodeRequestEvent();
    event.begin();
    return looks.ask(
        place,
        patience,
        (end, length) -> {
          if (event.shouldCommit()) {
            event.method = LOOK;
            event.url = url(place);
            event.commit();
          }
          asker.ended(end, length);
        });
  }

  private void lookByGeneralClient(Place place, Consumer<Presence> then) {
    http.begin(LOOK, url(place), Purpose.COMMAND, answer -> then.accept(presence(answer)));
  }

  private static Presence presence(Answer answer) {
    return switch (answer) {
      case Answer.Failed(var _, var why) -> new Presence.CannotTell(why);
      case Answer.Replied replied when replied.isSuccess() -> {
        long length = Answer.contentLength(replied.headers());
        yield length < 0
            ? new Presence.CannotTell("no Content-Length")
            : new Presence.Present(length);
      }
      case Answer.Replied(var status, var _, var _) when status == 404 || status == 410 ->
          new Presence.Missing();
      case Answer.Replied replied -> new Presence.CannotTell(replied.complaint());
    };
  }

  @Override
  public void prepare(List<Place> places) {
    if (places.isEmpty()) {
      return;
    }
    try {
      world
          .tasks()
          .forEach(
              places,
              places.size(),
              place -> {
                if (!nativeHosts.isKnown(place.host())) {
                  directories.make(place);
                }
                return true;
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isPrepared(Place place) {
    return nativeHosts.isKnown(place.host()) || directories.areMade(place);
  }

  @Override
  public Deletion delete(Place place) {
    return switch (http.exchange("DELETE", url(place), Purpose.COMMAND)) {
      case Answer.Replied replied
          when replied.isSuccess() || replied.status() == 404 || replied.status() == 410 ->
          new Deletion.Gone();
      case Answer.Replied replied -> new Deletion.Failed(replied.complaint());
      case Answer.Failed(var _, var why) -> new Deletion.Failed(why);
    };
  }

  @Override
  public Copy copy(Order order) {
    var host = order.to().host();
    if (!nativeHosts.can(host, "copy")) {
      return plainCopy(order);
    }
    var ends = new ArrayList<Copy>(1);
    try {
      var left = nativeCopying.copy(host, List.of(order), (_, end) -> ends.add(end));
      return left.isEmpty() ? ends.getFirst() : plainCopy(order);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Copy.DestinationFailed("interrupted");
    }
  }

  @Override
  public void copyAll(List<Order> orders, BiConsumer<Order, Copy> ended)
      throws InterruptedException {
    if (orders.isEmpty()) {
      return;
    }
    var host = orders.getFirst().to().host();
    var left = nativeHosts.can(host, "copy") ? nativeCopying.copy(host, orders, ended) : orders;
    world
        .tasks()
        .forEach(
            left,
            COPIES_SIDE_BY_SIDE,
            order -> {
              directories.make(order.to());
              ended.accept(order, plainCopy(order));
              return true;
            });
  }

  /** A native node computes on the way what it stores, and refuses what does not fit. */
  @Override
  public boolean verifiesCopies(Host host) {
    return nativeHosts.can(host, "copy");
  }

  private Copy plainCopy(Order order) {
    var copy = copying.copy(order);
    if (copy instanceof Copy.DestinationFailed) {
      directories.forget(NodeHttp.base(order.to().host()), order.to().path().device());
    }
    return copy;
  }

  @Override
  public Map<Place, Deletion> deleteAll(Host host, List<Place> places) throws InterruptedException {
    return all(
        host,
        places,
        "delete",
        new Words<>(HttpStorageNodes::deletion, Deletion.Failed::new),
        this::delete);
  }

  private static Deletion deletion(String words) {
    return words.equals("gone") ? new Deletion.Gone() : new Deletion.Failed(reason(words));
  }

  @Override
  public Map<Place, Presence> lookAll(Host host, List<Place> places) throws InterruptedException {
    return all(
        host,
        places,
        "stat",
        new Words<>(HttpStorageNodes::presence, Presence.CannotTell::new),
        this::look);
  }

  private static Presence presence(String words) {
    if (words.equals("missing")) {
      return new Presence.Missing();
    }
    int blank = words.indexOf(' ');
    try {
      return new Presence.Present(Long.parseUnsignedLong(words, 0, Math.max(blank, 0), 10));
    } catch (NumberFormatException failed) {
      return new Presence.CannotTell(reason(words));
    }
  }

  private static String reason(String words) {
    return words.startsWith(FAILED) ? words.substring(FAILED.length()) : words;
  }

  /** What a node's words mean, and what it means when it has none. */
  private record Words<R>(Function<String, R> said, Function<String, R> unsaid) {}

  private <R> Map<Place, R> all(
      Host host, List<Place> places, String name, Words<R> words, Function<Place, R> plain)
      throws InterruptedException {
    var ends = new LinkedHashMap<Place, R>();
    if (places.isEmpty()) {
      return ends;
    }
    var left = places;
    if (nativeHosts.can(host, name)) {
      var question = NativeList.Question.<Place>ofPaths(name, place -> place.path().toString());
      left =
          nativeLists.ask(
              host,
              question,
              places,
              new NativeList.Ends<>() {
                @Override
                public void said(Place place, String said) {
                  ends.put(place, words.said().apply(said));
                }

                @Override
                public void unsaid(Place place, String why) {
                  ends.put(place, words.unsaid().apply(why));
                }
              });
    }
    var plainly = world.tasks().forEach(left, SIDE_BY_SIDE, plain);
    for (int i = 0; i < left.size(); i++) {
      ends.put(left.get(i), plainly.get(i));
    }
    return ends;
  }

  @Override
  public Optional<Checksum> digest(Place place, HashAlgorithm algorithm, long length) {
    if (nativeHosts.can(place.host(), "digest")) {
      return nativeDigest(place, algorithm, length);
    }
    return plainDigest(place, algorithm, length);
  }

  private Optional<Checksum> nativeDigest(Place place, HashAlgorithm algorithm, long length) {
    var question =
        new NativeList.Question<Place>(
            "digest", each -> each.path().toString(), each -> each.path() + " " + algorithm.wire());
    var digests = new ArrayList<Checksum>(1);
    var ends =
        new NativeList.Ends<Place>() {
          @Override
          public void said(Place place, String words) {
            Checksum.parse(words.substring(words.lastIndexOf(' ') + 1)).ifPresent(digests::add);
          }

          @Override
          public void unsaid(Place place, String why) {
            causes.warn("no digest from " + place.host().name() + ": " + why, place.toString());
          }
        };
    try {
      if (!nativeLists.ask(place.host(), question, List.of(place), ends).isEmpty()) {
        return plainDigest(place, algorithm, length);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return digests.stream().filter(digest -> digest.algorithm() == algorithm).findFirst();
  }

  private Optional<Checksum> plainDigest(Place place, HashAlgorithm algorithm, long length) {
    return switch (sideChannel.digest(place, algorithm, length)) {
      case SideChannel.Said.Is(var checksum) -> Optional.of(checksum);
      case SideChannel.Said.Unreadable() -> Optional.empty();
      case SideChannel.Said.NotAvailable() -> fetchAndDigest(place, algorithm, length);
    };
  }

  /** Reading changes nothing, so what broke with a kept connection is tried once more. */
  private Optional<Checksum> fetchAndDigest(Place place, HashAlgorithm algorithm, long length) {
    try {
      return fetchedDigest(place, algorithm, length);
    } catch (IOException e) {
      if (!NodeHttp.isDeadConnection(e)) {
        return unreadable(place, e);
      }
    }
    try {
      return fetchedDigest(place, algorithm, length);
    } catch (IOException e) {
      return unreadable(place, e);
    }
  }

  private Optional<Checksum> unreadable(Place place, IOException why) {
    var cause = "cannot read for digests from " + place.host().name();
    causes.warn(cause + ": " + NodeHttp.describe(why), place.toString());
    return Optional.empty();
  }

  private Optional<Checksum> fetchedDigest(Place place, HashAlgorithm algorithm, long length)
      throws IOException {
    try (var reading = Reading.open(http, url(place), length)) {
      var digesting = new Digesting(EnumSet.of(algorithm));
      var buffer = new byte[BUFFER];
      long left = length;
      while (left > 0) {
        int read = reading.fill(buffer);
        if (read == 0) {
          throw new EOFException("ends " + left + " bytes early");
        }
        digesting.update(buffer, read);
        left -= read;
      }
      return Optional.ofNullable(digesting.finish().get(algorithm));
    }
  }

  @Override
  public Usage usage(Host host, DeviceId device) {
    var url = NodeHttp.readBase(host) + "/" + device.directory() + "/usage";
    return switch (http.exchange("GET", url, Purpose.PROBE)) {
      case Answer.Failed(var slow, var why) -> new Usage.Unreachable(slow, why);
      case Answer.Replied replied when replied.isSuccess() ->
          UsageText.parse(replied.body(), world.time().epochSecond());
      case Answer.Replied replied -> new Usage.Unreachable(false, replied.complaint());
    };
  }

  @Override
  public Map<DeviceId, String> utilization(Host host) {
    return utilizations.of(host);
  }

  @Override
  public boolean testWrite(Host host, DeviceId device) {
    return trials.write(host, device);
  }

  @Override
  public boolean rejectsBadMd5(Host host, DeviceId device) {
    return trials.rejectsBadMd5(host, device);
  }

  @Override
  public void close() {
    utilizations.close();
    looks.close();
    http.close();
    causes.flush();
  }

  /** What only Hayloft's own nodes can do. */
  public NativeNodes natives() {
    return new HttpNativeNodes(http, nativeHosts, nativeLists);
  }

  @Override
  public Optional<NativeNodes> nativeNodes() {
    return Optional.of(natives());
  }

  private static String url(Place place) {
    return NodeHttp.base(place.host()) + place.path();
  }
}
