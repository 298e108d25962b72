package io.hayloft.tracker.store.jdbc;

import io.hayloft.runtime.time.Time;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * How often each statement was carried out, and how long that took until its results were read. A
 * statement goes by its text, which has no values in it; those for more and for fewer rows are the
 * same one.
 */
final class StatementTimes {

  static final String METER = "hayloft.store.statement";

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern VALUES = Pattern.compile("\\?(?:, \\?)+");
  private static final Pattern ROWS = Pattern.compile("(\\([^()]*\\))(?:, \\1)+");
  private static final int LONGEST_NAME = 200;

  /** Ours are some hundred texts. */
  private static final int MOST_TEXTS = 2000;

  private final String database;
  private final Time time;
  private final MeterRegistry meters;
  private final Map<String, Spent> byText = new ConcurrentHashMap<>();
  private final Map<String, Spent> byName = new ConcurrentHashMap<>();

  /** What one statement has taken so far. */
  private static final class Spent {
    private final String name;
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    Spent(String name) {
      this.name = name;
    }
  }

  /**
   * @param database the name of its pool of connections
   */
  StatementTimes(String database, Time time, MeterRegistry meters) {
    this.database = database;
    this.time = time;
    this.meters = meters;
  }

  /** A statement that is being carried out, until it is closed. */
  final class Timing implements AutoCloseable {

    private final Spent spent;
    private final StatementEvent event = new StatementEvent();
    private final long started = time.nanoTime();

    private Timing(Spent spent) {
      this.spent = spent;
      event.begin();
    }

    @Override
    public void close() {
      spent.nanos.add(time.nanoTime() - started);
      spent.count.increment();
      if (event.shouldCommit()) {
        event.database = database;
        event.statement = spent.name;
        event.commit();
      }
    }
  }

  Timing begin(String sql) {
    var known = byText.get(sql);
    return new Timing(known == null ? learn(sql) : known);
  }

  private Spent learn(String sql) {
    var spent = byName.computeIfAbsent(name(sql), this::register);
    if (byText.size() < MOST_TEXTS) {
      byText.put(sql, spent);
    }
    return spent;
  }

  static String name(String sql) {
    var line = BLANKS.matcher(sql.strip()).replaceAll(" ");
    var text = ROWS.matcher(VALUES.matcher(line).replaceAll("?")).replaceAll("$1");
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "…";
  }

  private Spent register(String name) {
    var spent = new Spent(name);
    FunctionTimer.builder(
            METER, spent, it -> it.count.sum(), it -> it.nanos.sum(), TimeUnit.NANOSECONDS)
        .description("Statements by their text, until their results were read")
        .tags("database", database, "statement", name)
        .register(meters);
    return spent;
  }
}
