package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A job that moves files between devices, as the database has it. */
public record MoveJob(long id, Terms terms, State state, Counts counts, Times times, Trace trace) {

  /**
   * What its last portion left.
   *
   * @param host the tracker that last carried it on; empty before the first
   * @param note how it stands, for people; empty where there is nothing to say
   */
  public record Trace(String host, String note) {}

  public String host() {
    return trace.host();
  }

  public String note() {
    return trace.note();
  }

  /** What a job is to reach. */
  public enum Kind {
    /** All devices about equally full. */
    EVEN,
    /** Nothing on one device. */
    DRAIN;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> named(String wire) {
      return Arrays.stream(values()).filter(kind -> kind.wire().equals(wire)).findFirst();
    }
  }

  /** Whether it goes on. */
  public enum State {
    RUNNING,
    /** An operator holds it. */
    PAUSED,
    /** An operator has ended it. */
    STOPPED,
    /** It has come to its end. */
    DONE;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<State> named(String wire) {
      return Arrays.stream(values()).filter(state -> state.wire().equals(wire)).findFirst();
    }

    public boolean isOver() {
      return this == STOPPED || this == DONE;
    }
  }

  /**
   * Which files a job may move; all when there is no domain.
   *
   * @param fileClass one class of the domain only
   */
  public record Scope(Optional<DomainId> domain, Optional<ClassId> fileClass) {

    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

    public Scope {
      if (domain.isEmpty() && fileClass.isPresent()) {
        throw new IllegalArgumentException("a class belongs to a domain");
      }
    }
  }

  /**
   * What was asked for.
   *
   * @param device that is to be emptied; empty for a job of the other kind
   * @param thresholdPercent how far from the mean a device may be filled
   * @param bytesPerSecond that may be copied; 0 for no limit
   */
  public record Terms(
      Kind kind,
      Optional<DeviceId> device,
      double thresholdPercent,
      long bytesPerSecond,
      Scope scope) {

    public Terms {
      if ((kind == Kind.DRAIN) != device.isPresent()) {
        throw new IllegalArgumentException("one device is emptied, all are levelled");
      }
      if (thresholdPercent < 0 || thresholdPercent > 100 || bytesPerSecond < 0) {
        throw new IllegalArgumentException("not a threshold or rate");
      }
    }

    public static Terms drain(DeviceId device, long bytesPerSecond) {
      return new Terms(Kind.DRAIN, Optional.of(device), 0, bytesPerSecond, Scope.ALL);
    }

    public static Terms even(double thresholdPercent, long bytesPerSecond, Scope scope) {
      return new Terms(Kind.EVEN, Optional.empty(), thresholdPercent, bytesPerSecond, scope);
    }
  }

  /**
   * Where it is.
   *
   * @param fid the last one looked at in this pass
   * @param pass how often it has gone through the files, from 1
   */
  public record Position(long fid, int pass) {}

  /** Files, and their bytes together. */
  public record Amount(long files, long bytes) {

    public static final Amount NONE = new Amount(0, 0);
  }

  /** Files and bytes a second, of late. */
  public record Speed(double files, double bytes) {}

  /**
   * How far it has come.
   *
   * @param filesKept files that could not be moved when they were tried last
   * @param left to be moved still, as far as is known
   */
  public record Counts(Position position, Amount moved, long filesKept, Amount left, Speed speed) {}

  /**
   * In unix time.
   *
   * @param ended 0 while it is not over
   * @param now when this was read
   */
  public record Times(long started, long changed, long ended, long now) {}
}
