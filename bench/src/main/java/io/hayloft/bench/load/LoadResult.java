package io.hayloft.bench.load;

import java.util.HashMap;
import java.util.Map;

/**
 * What a load generator saw.
 *
 * @param bytes that came, heads of answers included
 * @param failed requests that were not answered, or with a status of 400 and more
 */
public record LoadResult(
    long requests, long bytes, long micros, long failed, long p50Micros, long p99Micros) {

  private static final String MARK = "measured ";

  /**
   * Reads the line that the script of {@link Wrk} writes, among all else.
   *
   * @throws IllegalArgumentException when there is none, or not the whole of it
   */
  static LoadResult parse(String output) {
    var line =
        output
            .lines()
            .filter(each -> each.startsWith(MARK))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("wrk told nothing:\n" + output));
    var numbers = new HashMap<String, Long>();
    for (var word : line.substring(MARK.length()).split(" ")) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("not a number with a name: " + word);
      }
      numbers.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
    }
    return new LoadResult(
        number(numbers, "requests"),
        number(numbers, "bytes"),
        number(numbers, "micros"),
        number(numbers, "failed"),
        number(numbers, "p50"),
        number(numbers, "p99"));
  }

  private static long number(Map<String, Long> numbers, String name) {
    var number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("wrk did not tell its " + name);
    }
    return number;
  }

  public double perSecond() {
    return requests * 1e6 / micros;
  }

  /**
   * Sees that every request was answered, and with as many bytes as the files have.
   *
   * @param bodyBytes of each answer
   * @param connections each of which may have had an answer under way at the end
   * @throws IllegalStateException when not: a wrong result has no speed
   */
  public void mustBeRight(long bodyBytes, int connections) {
    if (failed > 0) {
      throw new IllegalStateException(failed + " of " + requests + " requests failed");
    }
    if (requests == 0) {
      throw new IllegalStateException("no request was answered");
    }
    long least = requests * bodyBytes;
    long most = (requests + connections) * (bodyBytes + MOST_HEAD);
    if (bytes < least || bytes > most) {
      throw new IllegalStateException(
          "%,d answers have %,d bytes, which is not between %,d and %,d"
              .formatted(requests, bytes, least, most));
    }
  }

  /** No head of an answer is longer. */
  private static final int MOST_HEAD = 600;
}
