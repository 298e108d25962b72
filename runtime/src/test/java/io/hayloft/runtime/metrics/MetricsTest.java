package io.hayloft.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void aScrapeShowsTheProcessAndOurOwnMeters() {
    try (var metrics = new Metrics("tracker", "1.2")) {
      metrics.registry().counter("hayloft.requests", "command", "noop").increment(3);

      assertThat(metrics.scrape())
          .contains("hayloft_info{component=\"tracker\",version=\"1.2\"} 1")
          .contains("hayloft_requests_total{command=\"noop\"} 3")
          .contains("jvm_memory_used_bytes")
          .contains("jvm_gc_memory_allocated_bytes_total")
          .contains("process_uptime_seconds")
          .contains("process_files_open_files");
    }
  }

  @Test
  void ourTimersHaveFixedBounds() {
    try (var metrics = new Metrics("node", "1")) {
      metrics.registry().timer("hayloft.command").record(Duration.ofMillis(30));
      metrics.registry().timer("library.call").record(Duration.ofMillis(30));

      assertThat(metrics.scrape())
          .contains("hayloft_command_seconds_bucket{le=\"0.025\"} 0")
          .contains("hayloft_command_seconds_bucket{le=\"0.05\"} 1")
          .contains("hayloft_command_seconds_bucket{le=\"10.0\"} 1")
          .contains("library_call_seconds_count")
          .doesNotContain("library_call_seconds_bucket");
    }
  }

  @Test
  void aTagThatGoesWrongCannotFillTheMemory() {
    try (var metrics = new Metrics("node", "1")) {
      for (int fid = 0; fid < 12_000; fid++) {
        metrics.registry().counter("hayloft.copies", "fid", Integer.toString(fid)).increment();
      }

      assertThat(metrics.registry().getMeters()).hasSizeLessThanOrEqualTo(10_000);
    }
  }
}
