package io.hayloft.node.http;

import io.hayloft.protocol.DeviceId;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many requests there were and what their time was spent on, by method, size class, device and
 * outcome.
 *
 * <p>Counting is two look-ups by number and a few additions: the adders of each combination are
 * made when it first occurs and are read when somebody asks for the metrics. Devices that the node
 * does not have share one place, since their numbers come from outside.
 */
// Ordinals are places in arrays that live as long as the process and that nobody else sees.
@SuppressWarnings("EnumOrdinal")
final class RequestFigures {

  /** The methods that are told apart. */
  enum Method {
    GET,
    HEAD,
    PUT,
    DELETE,
    MKCOL,
    MOVE,
    POST,
    OTHER;

    static Method of(String name) {
      return switch (name) {
        case "GET" -> GET;
        case "HEAD" -> HEAD;
        case "PUT" -> PUT;
        case "DELETE" -> DELETE;
        case "MKCOL" -> MKCOL;
        case "MOVE" -> MOVE;
        case "POST" -> POST;
        default -> OTHER;
      };
    }

    private String label() {
      return this == OTHER ? "other" : name();
    }
  }

  /** The kinds of outcome that call for different reactions of people. */
  enum Outcome {
    OK,
    NOT_FOUND,
    REFUSED,
    BUSY,
    FAILED,
    BROKEN_OFF;

    static Outcome of(int status) {
      return switch (status) {
        case 404 -> NOT_FOUND;
        case 503 -> BUSY;
        default -> status < 400 ? OK : status < 500 ? REFUSED : FAILED;
      };
    }
  }

  private static final int METHODS = Method.values().length;
  private static final int OUTCOMES = Outcome.values().length;
  private static final int SIZES = SizeClass.values().length;
  private static final Phase[] PHASES = Phase.values();
  private static final double NANOS = 1e9;

  private final MeterRegistry registry;
  private final Predicate<DeviceId> isKnown;
  private final Map<Integer, OfDevice> devices = new ConcurrentHashMap<>();
  private final OfDevice none = new OfDevice("none");

  /**
   * @param isKnown whether the node has a device; asked when its first request is counted
   */
  RequestFigures(MeterRegistry registry, Predicate<DeviceId> isKnown) {
    this.registry = registry;
    this.isKnown = isKnown;
  }

  /** Where requests of one kind are counted. */
  static final class Kind {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder[] phases;

    private Kind(LongAdder[] phases) {
      this.phases = phases;
    }

    /** One that took so long and was all waiting for the network. */
    void sent(long took) {
      count.increment();
      nanos.add(took);
      phases[Phase.NETWORK.ordinal()].add(took);
    }

    /** One that has ended. */
    void ended(Course course) {
      count.increment();
      nanos.add(course.end());
      for (var phase : PHASES) {
        long spent = course.spentOn(phase);
        if (spent > 0) {
          phases[phase.ordinal()].add(spent);
        }
      }
    }
  }

  /** Those of one device. */
  private final class OfDevice {
    private final String label;
    private final AtomicReferenceArray<@Nullable Kind> kinds =
        new AtomicReferenceArray<>(METHODS * SIZES * OUTCOMES);
    private final AtomicReferenceArray<LongAdder @Nullable []> phases =
        new AtomicReferenceArray<>(METHODS * SIZES);

    private OfDevice(String label) {
      this.label = label;
    }

    private Kind kind(Method method, SizeClass size, Outcome outcome) {
      int group = method.ordinal() * SIZES + size.ordinal();
      int index = group * OUTCOMES + outcome.ordinal();
      var kind = kinds.get(index);
      return kind == null ? make(method, size, outcome, group, index) : kind;
    }

    private synchronized Kind make(
        Method method, SizeClass size, Outcome outcome, int group, int index) {
      var known = kinds.get(index);
      if (known != null) {
        return known;
      }
      var tags = Tags.of("method", method.label(), "size", size.label(), "device", label);
      var adders = phases.get(group);
      if (adders == null) {
        adders = phases(tags);
        phases.set(group, adders);
      }
      var made = new Kind(adders);
      FunctionTimer.builder(
              "hayloft.node.requests",
              made,
              kind -> kind.count.sum(),
              kind -> kind.nanos.sum(),
              TimeUnit.NANOSECONDS)
          .description("Requests on the HTTP port")
          .tags(tags.and("outcome", lower(outcome)))
          .register(registry);
      kinds.set(index, made);
      return made;
    }

    private LongAdder[] phases(Tags tags) {
      var adders = new LongAdder[PHASES.length];
      for (var phase : PHASES) {
        var adder = new LongAdder();
        adders[phase.ordinal()] = adder;
        FunctionCounter.builder("hayloft.node.requests.phase", adder, nanos -> nanos.sum() / NANOS)
            .description("What the time of requests was spent on")
            .baseUnit("seconds")
            .tags(tags.and("phase", lower(phase)))
            .register(registry);
      }
      return adders;
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param device its number; none when it is not known
   */
  Kind of(int device, Method method, SizeClass size, Outcome outcome) {
    return ofDevice(device).kind(method, size, outcome);
  }

  /** For a request that is about no device. */
  Kind of(Method method, SizeClass size, Outcome outcome) {
    return none.kind(method, size, outcome);
  }

  private OfDevice ofDevice(int number) {
    var known = devices.get(number);
    if (known != null) {
      return known;
    }
    var device = new DeviceId(number);
    return isKnown.test(device)
        ? devices.computeIfAbsent(number, _ -> new OfDevice(device.directory()))
        : none;
  }
}
