package io.hayloft.bench.growth;

import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All runs of one operation at one number of files. */
record Measured(Operation operation, List<Run> runs) {

  Measured {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs");
    }
  }

  /** What is done. */
  enum Operation {
    GET_PATHS("get_paths noverify=1"),
    LIST_KEYS("list_keys, " + Settings.KEYS_OF_A_PAGE + " keys"),
    STORE_RANDOM("open + close, random keys"),
    STORE_ASCENDING("open + close, ascending keys");

    private final String title;

    Operation(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /**
   * One of them.
   *
   * @param databaseMicros processor time of the database, of all operations
   * @param pagesRead from the disk into the buffer pool, for all operations
   * @param pagesWritten from it
   * @param statements by their kinds
   */
  record Run(
      Outcome outcome,
      long databaseMicros,
      long pagesRead,
      long pagesWritten,
      Map<String, Long> statements) {

    Run {
      if (outcome.operations() == 0) {
        throw new IllegalArgumentException("nothing was answered");
      }
    }

    double perSecond() {
      return outcome.perSecond();
    }

    double p50Micros() {
      return outcome.latencies().percentileMicros(50);
    }

    double p99Micros() {
      return outcome.latencies().percentileMicros(99);
    }

    double databaseEach() {
      return each(databaseMicros);
    }

    double pagesReadEach() {
      return each(pagesRead);
    }

    double pagesWrittenEach() {
      return each(pagesWritten);
    }

    private double each(long amount) {
      return (double) amount / outcome.operations();
    }

    Run with(Map<String, Long> counted) {
      return new Run(outcome, databaseMicros, pagesRead, pagesWritten, counted);
    }

    Map<String, Object> json() {
      var one = new LinkedHashMap<String, Object>();
      one.put("operations", outcome.operations());
      one.put("perSecond", perSecond());
      one.put("p50Micros", p50Micros());
      one.put("p99Micros", p99Micros());
      one.put("databaseCpuMicros", databaseEach());
      one.put("pagesRead", pagesReadEach());
      one.put("pagesWritten", pagesWrittenEach());
      one.put("statements", statements);
      return one;
    }
  }

  Spread spread(ToDoubleFunction<Run> value) {
    return Spread.of(runs.stream().map(value::applyAsDouble).toList());
  }

  double median(ToDoubleFunction<Run> value) {
    return spread(value).median();
  }
}
