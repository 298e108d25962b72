package io.hayloft.runtime.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.stream.DoubleStream;

/**
 * The meters of a process: those of the JVM, and whatever is registered with {@link #registry}.
 *
 * <p>Names of ours are words joined by dots that begin with {@code hayloft.} and do not name a unit
 * ({@code hayloft.command}); Prometheus sees {@code hayloft_command_seconds}. Tags have few values:
 * a command or a job, never a key, fid or client. Our timers publish a histogram with fixed bounds
 * from 1 ms to 10 s, so that quantiles can be added up over processes. There are at most 10,000
 * meters; what is registered beyond is not counted, rather than memory lost to a tag that went
 * wrong.
 */
public final class Metrics implements AutoCloseable {

  /** The media type of {@link #scrape}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PREFIX = "hayloft.";
  private static final int MOST_METERS = 10_000;

  private static final double[] BOUNDS_MILLIS = {
    1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  /**
   * @param component what the process is: {@code tracker}
   * @param version of the program, for a dashboard that shows what runs where
   */
  public Metrics(String component, String version) {
    registry.config().meterFilter(MeterFilter.maximumAllowableMetrics(MOST_METERS));
    registry.config().meterFilter(new Histograms());
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    Gauge.builder("hayloft.info", () -> 1)
        .description("Always 1; its labels say what runs")
        .tag("component", component)
        .tag("version", version)
        .register(registry);
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** All meters in the text format of Prometheus. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }

  /** Gives our timers their bounds. */
  private static final class Histograms implements MeterFilter {

    private static final DistributionStatisticConfig BOUNDS =
        DistributionStatisticConfig.builder()
            .serviceLevelObjectives(
                DoubleStream.of(BOUNDS_MILLIS).map(Histograms::toNanos).toArray())
            .build();

    private static double toNanos(double millis) {
      return millis * Duration.ofMillis(1).toNanos();
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
      return id.getType() == Meter.Type.TIMER && id.getName().startsWith(PREFIX)
          ? config.merge(BOUNDS)
          : config;
    }
  }
}
