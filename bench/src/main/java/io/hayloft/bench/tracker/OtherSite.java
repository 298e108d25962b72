package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.TrackerLine;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.bench.tracker.talk.Deleting;
import io.hayloft.bench.tracker.talk.Fixed;
import io.hayloft.bench.tracker.talk.Listing;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Opening;
import io.hayloft.bench.tracker.talk.Pool;
import io.hayloft.bench.tracker.talk.Renaming;
import io.hayloft.bench.tracker.talk.Target;
import io.hayloft.bench.tracker.talk.Uploading;
import io.hayloft.runtime.time.Time;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A tracker that runs somewhere already, such as the original. It is spoken to by the original's
 * commands alone: it gets a domain of its own, its files are uploaded, and all of it is removed in
 * the end.
 */
final class OtherSite implements Site {

  private static final String WHOLE = "two";
  private static final String SINGLE = "one";

  /** A tenth as many are uploaded to be deleted in one run, since uploads take long. */
  private static final int DOOMED_SHARE = 10;

  private static final int UPLOADERS = 8;
  private static final int COPIES = 2;
  private static final Duration FILLING = Duration.ofHours(2);
  private static final Duration UNDOING = Duration.ofMinutes(10);
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Place place;
  private final Time time;
  private final TrackerLine operator;
  private final String domain;
  private final ByteBuffer body;
  private final AtomicLong keys = new AtomicLong(1);
  private final Pool pool;

  /**
   * Where it is.
   *
   * @param pids of processes whose processor time is counted, with that of all that they started;
   *     none when it is not known
   */
  record Place(String name, InetSocketAddress address, List<Long> pids) {}

  private OtherSite(Place place, Time time, Files files) throws InterruptedException {
    this.place = place;
    this.time = time;
    this.operator = TrackerLine.open(place.address());
    this.domain = "hayloft-bench-" + time.now().getEpochSecond();
    this.body = ByteBuffer.allocate(files.bytes());
    operator.ok("create_domain domain=" + domain);
    operator.ok("create_class mindevcount=2&domain=" + domain + "&class=" + WHOLE);
    operator.ok("create_class mindevcount=1&domain=" + domain + "&class=" + SINGLE);
    this.pool = upload(files.count(), WHOLE);
    awaitCopies();
  }

  /** What it is given to be asked for. */
  record Files(int count, int bytes) {}

  /** Uploads files and waits until it has made their second copies. */
  static OtherSite fill(Place place, Time time, Files files) throws InterruptedException {
    return new OtherSite(place, time, files);
  }

  private Pool upload(int count, String fileClass) {
    long first = keys.getAndAdd(count);
    var fids = new long[count];
    var next = new AtomicLong(first);
    LongSupplier numbers = () -> next.get() < first + count ? next.getAndIncrement() : -1;
    try (var loop = ClosedLoop.open(place.address(), UPLOADERS, time)) {
      var uploading =
          new Uploading(
              target(fileClass),
              Pool.STEM,
              numbers,
              body,
              UPLOADERS,
              (key, fid, _) -> fids[(int) (key - first)] = fid);
      var _ = loop.run(uploading, FILLING);
    }
    return new Pool(domain, first, fids, body.capacity());
  }

  private Target target(String fileClass) {
    return new Target(domain, fileClass, keys);
  }

  private void awaitCopies() throws InterruptedException {
    long begun = time.nanoTime();
    for (int i = 0; i < pool.count(); i++) {
      var question = "get_paths noverify=1&domain=" + domain + "&key=" + pool.key(i);
      while (operator.ok(question).number("paths") < COPIES) {
        if (time.since(begun).compareTo(FILLING) > 0) {
          throw new IllegalStateException(place.name() + " does not copy " + pool.key(i));
        }
        time.sleep(GLANCE);
      }
    }
  }

  @Override
  public String name() {
    return place.name();
  }

  @Override
  public InetSocketAddress address() {
    return place.address();
  }

  @Override
  public boolean knows(Operation operation) {
    return operation != Operation.PATHS_CACHED && operation != Operation.PATHS_MEMCACHED;
  }

  @Override
  public Act prepare(Operation operation, LookUp.Draw draw, Duration length) {
    return switch (operation) {
      case NOOP -> Act.of(Fixed.noop());
      case PATHS, PATHS_CACHED, PATHS_MEMCACHED -> Act.of(LookUp.paths(pool, false, draw));
      case PATHS_VERIFYING -> Act.of(LookUp.paths(pool, true, draw));
      case FILE_INFO -> Act.of(LookUp.info(pool, draw));
      case LIST_KEYS -> Act.of(new Listing(pool, Settings.KEYS_OF_A_PAGE, draw));
      case RENAME -> new HayloftSite.RenameAct(new Renaming(pool, draw.clients()));
      case DELETE -> new DeleteAct(new Deleting(upload(pool.count() / DOOMED_SHARE, SINGLE)));
      case CREATE_OPEN -> Act.of(new Opening(target(SINGLE)));
      case CREATE -> new CreateAct(draw.clients());
    };
  }

  /** Of which nothing is left. */
  private record DeleteAct(Deleting dialogue) implements Act {

    @Override
    public void after(Outcome outcome, ClosedLoop loop) {
      var _ = loop.run(dialogue, UNDOING);
    }
  }

  private final class CreateAct implements Act {

    private final long first = keys.get();
    private final List<Long> fids = new ArrayList<>();
    private final Uploading dialogue;

    CreateAct(int clients) {
      this.dialogue =
          new Uploading(
              target(SINGLE),
              Pool.STEM,
              keys::getAndIncrement,
              body,
              clients,
              (_, fid, _) -> fids.add(fid));
    }

    @Override
    public Dialogue dialogue() {
      return dialogue;
    }

    @Override
    public void after(Outcome outcome, ClosedLoop loop) {
      var stored = fids.stream().mapToLong(Long::longValue).toArray();
      var _ = loop.run(new Deleting(new Pool(domain, first, stored, 0)), UNDOING);
    }
  }

  @Override
  public Consumption consumption() {
    long micros =
        place.pids().stream()
            .flatMap(OtherSite::family)
            .mapToLong(pid -> new ProcessMeter(pid).cpuMicros())
            .sum();
    return new Consumption(micros, 0, 0, 0);
  }

  private static Stream<Long> family(long pid) {
    var children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .mapToLong(ProcessHandle::pid);
    return LongStream.concat(LongStream.of(pid), children).boxed();
  }

  @Override
  public void close() {
    try (var line = operator;
        var loop = ClosedLoop.open(place.address(), UPLOADERS, time)) {
      var _ = loop.run(new Deleting(pool), UNDOING);
      for (var fileClass : List.of(WHOLE, SINGLE)) {
        line.ok("delete_class domain=" + domain + "&class=" + fileClass);
      }
      line.ok("delete_domain domain=" + domain);
    }
  }
}
