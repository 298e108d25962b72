package io.hayloft.tracker.store.replica;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.Hearer;
import io.hayloft.tracker.store.StoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Look-ups from a random read replica that is well, and from the primary where there is none.
 *
 * <p>A replica may lag. So its word that something is not there does not count while the primary
 * can be asked; and a location that turns out to be stale can be asked of the primary with {@link
 * #newer}. While the primary is away the replicas' word is all there is.
 *
 * <p>No request pays twice for a database that is away: the first failure takes it out, and {@link
 * #step}, which one loop calls over and over, tries whether it is back. That loop also follows the
 * settings: replicas that are new are opened, and asked once they have answered it; those that are
 * gone are closed.
 */
public final class ReplicaLookups implements FileLookups, Worker, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReplicaLookups.class);
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(1);

  /** How long look-ups that have another source leave a primary alone that failed. */
  private static final Duration PRIMARY_RETRY = Duration.ofSeconds(1);

  /** What it is made of and told by. */
  public record World(Time time, RandomGenerator random, MeterRegistry meters) {}

  private final Source primary;
  private final Supplier<ServerSettings> settings;
  private final Predicate<String> usable;
  private final Replica.Opener opener;
  private final World world;
  private final RepeatedCauses causes;
  private final Counter askedPrimary;
  private final Counter askedReplicas;
  private final Map<ReplicaAddress, Opened> opened = new HashMap<>();
  private volatile List<Source> sources = List.of();
  private volatile Duration retry = Duration.ofSeconds(1);
  private String version = "";
  private List<String> problems = List.of();
  private boolean closed;

  private record Opened(Replica replica, Source source) {}

  /**
   * @param settings the newest settings
   * @param usable whether replicas on a host may be asked: the place for a filter by zone
   */
  public ReplicaLookups(
      FileLookups primary,
      Supplier<ServerSettings> settings,
      Predicate<String> usable,
      Replica.Opener opener,
      World world) {
    this.primary = new Source("primary", primary, true, ReplicaLookups::isAway, world.time());
    this.settings = settings;
    this.usable = usable;
    this.opener = opener;
    this.world = world;
    this.causes = new RepeatedCauses(log, world.time());
    this.askedPrimary = world.meters().counter("hayloft.store.lookups", "source", "primary");
    this.askedReplicas = world.meters().counter("hayloft.store.lookups", "source", "replica");
    Gauge.builder("hayloft.store.replicas", () -> sources.stream().filter(Source::isUp).count())
        .description("Read replicas of the database that answer")
        .tag("state", "up")
        .register(world.meters());
    Gauge.builder("hayloft.store.replicas", () -> sources.stream().filter(s -> !s.isUp()).count())
        .description("Read replicas of the database that are left alone because they failed")
        .tag("state", "down")
        .register(world.meters());
  }

  private static boolean isAway(StoreException e) {
    return e.why() == StoreException.Cause.UNAVAILABLE;
  }

  /** It answers, if not everybody: those who have waited for too long ask somebody else. */
  private static boolean isBusy(StoreException e) {
    return e.why() == StoreException.Cause.BUSY;
  }

  @Override
  public Optional<Located> locate(DomainId domain, Key key) {
    return ask(lookups -> lookups.locate(domain, key));
  }

  @Override
  public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
    return ask(lookups -> lookups.whereabouts(domain, key));
  }

  @Override
  public boolean locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer) {
    return isPrimaryAlone() && askPrimary(lookups -> lookups.locate(domain, key, heard(hearer)));
  }

  @Override
  public boolean whereabouts(DomainId domain, Key key, Hearer<Optional<Whereabouts>> hearer) {
    return isPrimaryAlone()
        && askPrimary(lookups -> lookups.whereabouts(domain, key, heard(hearer)));
  }

  private boolean isPrimaryAlone() {
    return sources.isEmpty() && primary.isUp();
  }

  /** What goes wrong is taken note of where it is heard. */
  private <T> Hearer<T> heard(Hearer<T> hearer) {
    return outcome -> hearer.hear(() -> primary.ask(_ -> outcome.get(), PRIMARY_RETRY));
  }

  @Override
  public Optional<Checksum> checksum(Fid fid) {
    return ask(lookups -> lookups.checksum(fid));
  }

  @Override
  public Optional<Located> atPrimary(DomainId domain, Key key) {
    if (!primary.isUp() && hasOthers()) {
      throw new StoreException(
          StoreException.Cause.UNAVAILABLE,
          "the primary did not answer when last asked",
          new IllegalStateException("not asked"));
    }
    return askPrimary(lookups -> lookups.locate(domain, key));
  }

  @Override
  public boolean hasOthers() {
    return sources.stream().anyMatch(Source::isUp);
  }

  @Override
  public Optional<Located> newer(DomainId domain, Key key, Located told) {
    if (sources.isEmpty() || !primary.isUp()) {
      return Optional.empty();
    }
    try {
      return askPrimary(lookups -> lookups.locate(domain, key)).filter(now -> !now.equals(told));
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /** The answer of a replica, or else of the primary; see the class. */
  private <T> Optional<T> ask(Function<FileLookups, Optional<T>> question) {
    var word = askReplicas(question);
    if (word.isPresent() && (word.get().isPresent() || !primary.isUp())) {
      return word.get();
    }
    try {
      return askPrimary(question);
    } catch (StoreException e) {
      if (!isAway(e)) {
        throw e;
      }
      return word.or(() -> askReplicas(question)).orElseThrow(() -> e);
    }
  }

  /**
   * What the first replica that answers says; empty when none does. While the primary is there one
   * attempt is enough.
   */
  private <T> Optional<Optional<T>> askReplicas(Function<FileLookups, Optional<T>> question) {
    var left = new ArrayList<>(sources);
    left.removeIf(source -> !source.isUp());
    while (!left.isEmpty()) {
      var source = left.remove(world.random().nextInt(left.size()));
      try {
        var word = source.ask(question, retry);
        askedReplicas.increment();
        return Optional.of(word);
      } catch (StoreException e) {
        warn(source, e);
        if (primary.isUp()) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private <T> T askPrimary(Function<FileLookups, T> question) {
    askedPrimary.increment();
    return primary.ask(question, PRIMARY_RETRY);
  }

  private void warn(Source source, StoreException e) {
    causes.warn(
        "the read replica " + source.name() + " fails and is left alone for a while",
        String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }

  /** Follows the settings and tries those that failed. */
  @Override
  public Pace step() {
    adopt(ReplicaSettings.of(settings.get(), usable));
    for (var source : sources) {
      if (source.isDue()) {
        try {
          source.trial(retry);
          log.info("the read replica {} answers", source.name());
        } catch (StoreException e) {
          warn(source, e);
        }
      }
    }
    if (primary.isDue()) {
      try {
        primary.trial(PRIMARY_RETRY);
      } catch (StoreException stillAway) {
        log.debug("the primary does not answer", stillAway);
      }
    }
    causes.flushDue();
    return Pace.rest(BETWEEN_STEPS);
  }

  /** What is as it was stays open. A removed pool is closed before its name is used again. */
  private synchronized void adopt(ReplicaSettings newer) {
    if (closed) {
      return;
    }
    if (!newer.problems().equals(problems)) {
      newer.problems().forEach(log::warn);
      problems = newer.problems();
    }
    retry = newer.retry();
    for (var address : List.copyOf(opened.keySet())) {
      if (!newer.replicas().contains(address)) {
        close(address);
      }
    }
    var now = new ArrayList<Source>();
    for (var address : newer.replicas()) {
      now.add(opened.computeIfAbsent(address, this::open).source());
    }
    sources = List.copyOf(now);
    if (!newer.version().equals(version)) {
      version = newer.version();
      now.stream().filter(source -> !source.isUp()).forEach(Source::hurry);
    }
  }

  private Opened open(ReplicaAddress address) {
    log.info("using the read replica {}", address);
    var replica = opener.open(address);
    return new Opened(
        replica,
        new Source(address.key(), replica.lookups(), false, e -> !isBusy(e), world.time()));
  }

  private void close(ReplicaAddress address) {
    var gone = opened.remove(address);
    if (gone != null) {
      sources = sources.stream().filter(source -> source != gone.source()).toList();
      gone.replica().close();
      log.info("no longer using the read replica {}", address);
    }
  }

  /** Ends all connections to replicas; the primary's are not its own. */
  @Override
  public synchronized void close() {
    closed = true;
    List.copyOf(opened.keySet()).forEach(this::close);
  }
}
