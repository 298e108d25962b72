package io.hayloft.bench.tracker;

import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.server.MemcachedServer;
import io.hayloft.bench.tracker.talk.Fixed;
import io.hayloft.bench.tracker.talk.LookUp;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What a line and its answer cost at least: a server in C that does nothing for its {@code
 * version}.
 */
record MemcachedSite(MemcachedServer server) implements Site {

  static final String NAME = "memcached";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public boolean knows(Operation operation) {
    return operation == Operation.NOOP;
  }

  @Override
  public Act prepare(Operation operation, LookUp.Draw draw, Duration length) {
    return Act.of(Fixed.version());
  }

  @Override
  public Consumption consumption() {
    return new Consumption(server.meter().cpuMicros(), 0, 0, 0);
  }

  @Override
  public void close() {
    server.close();
  }
}
