package io.hayloft.node.requests;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the items of native requests, by request and by how they ended, and the bytes copied. */
public final class Tally {

  private final MeterRegistry registry;
  private final Counter copied;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  public Tally(MeterRegistry registry) {
    this.registry = registry;
    this.copied =
        Counter.builder("hayloft.node.copied.bytes")
            .description("Bytes of files that were fetched from other nodes and stored")
            .register(registry);
  }

  /**
   * @param request its name
   * @param outcome a word of a fixed set
   * @param bytes that were fetched and stored
   */
  void count(String request, String outcome, long bytes) {
    counters
        .computeIfAbsent(
            request + " " + outcome,
            _ ->
                Counter.builder("hayloft.node.items")
                    .description("Items of native requests")
                    .tag("request", request)
                    .tag("outcome", outcome)
                    .register(registry))
        .increment();
    if (bytes > 0) {
      copied.increment((double) bytes);
    }
  }
}
