package io.hayloft.tracker.work;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.LeaseStore;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who is at a file. Two who each saw the other's copy could together remove both, so whoever
 * removes or forgets a copy holds the file's lease: surplus removal, moves, the check. Making
 * copies needs none; a new copy does no harm to anybody.
 */
public final class FidLeases {

  private static final Duration SHORTEST = Duration.ofSeconds(30);

  /** What a node reads at least while a digest is made or a copy taken. */
  private static final long BYTES_PER_SECOND = 1L << 20;

  private final LeaseStore leases;
  private final String owner;
  private final Time time;
  private final RandomGenerator random;

  /**
   * @param owner names this tracker among those on the same database
   */
  public FidLeases(LeaseStore leases, String owner, Time time, RandomGenerator random) {
    this.leases = leases;
    this.owner = owner;
    this.time = time;
    this.random = random;
  }

  /**
   * Takes a file's lease; empty while somebody else has it.
   *
   * @param bytes to be read while it is held, apart from a few looks
   */
  public Optional<Held> take(Fid fid, long bytes) {
    var length = SHORTEST.plusSeconds(bytes / BYTES_PER_SECOND);
    var held = new Held(name(fid), owner + "/" + random.nextLong(), length);
    return held.acquire() ? Optional.of(held) : Optional.empty();
  }

  /**
   * Takes the leases of those of the files that nobody else is at. One holder has them all, so they
   * are renewed and given back together.
   *
   * @param bytes to be read while they are held, of all files together, apart from a few looks
   */
  public HeldTogether takeAll(Collection<Fid> fids, long bytes) {
    var length = SHORTEST.plusSeconds(bytes / BYTES_PER_SECOND);
    return new HeldTogether(fids, owner + "/" + random.nextLong(), length);
  }

  private static String name(Fid fid) {
    return "fid:" + fid;
  }

  /** Leases that were taken together. */
  public final class HeldTogether implements AutoCloseable {

    private final String holder;
    private final Duration length;
    private final Set<Fid> fids;
    private long taken;

    private HeldTogether(Collection<Fid> wanted, String holder, Duration length) {
      this.holder = holder;
      this.length = length;
      this.taken = time.nanoTime();
      this.fids = acquire(wanted);
    }

    private Set<Fid> acquire(Collection<Fid> wanted) {
      var got = leases.acquireAll(wanted.stream().map(FidLeases::name).toList(), holder, length);
      return wanted.stream().filter(fid -> got.contains(name(fid))).collect(toUnmodifiableSet());
    }

    /** Those that were to be had. */
    public Set<Fid> fids() {
      return fids;
    }

    /** As {@link Held#renew}; those of the files that nobody else is at. */
    public Set<Fid> renew(Collection<Fid> some) {
      taken = time.nanoTime();
      return acquire(some);
    }

    /** Those of the files for which {@link Held#isStillMine} holds. */
    public Set<Fid> stillMine(Collection<Fid> some) {
      return time.since(taken).compareTo(length.dividedBy(2)) < 0 ? acquire(some) : Set.of();
    }

    @Override
    public void close() {
      leases.discardAll(fids.stream().map(FidLeases::name).toList(), holder);
    }
  }

  /** A lease that was taken. */
  public final class Held implements AutoCloseable {

    private final String name;
    private final String holder;
    private final Duration length;
    private long renewed;

    private Held(String name, String holder, Duration length) {
      this.name = name;
      this.holder = holder;
      this.length = length;
    }

    private boolean acquire() {
      renewed = time.nanoTime();
      return leases.acquire(name, holder, length);
    }

    /**
     * Begins anew, for somebody whose copying may have taken longer than the lease: what is seen
     * from now on counts, and nothing that was seen before. False when somebody else is at the
     * file.
     */
    public boolean renew() {
      return acquire();
    }

    /**
     * Whether nobody else can have been at the file since it was taken; to be asked before each
     * removal. Once half of the time is over the answer is no: what was seen then is too old.
     */
    public boolean isStillMine() {
      return time.since(renewed).compareTo(length.dividedBy(2)) < 0 && acquire();
    }

    @Override
    public void close() {
      leases.discard(name, holder);
    }
  }
}
