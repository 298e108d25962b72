package io.hayloft.tracker.server;

import java.util.concurrent.atomic.LongAdder;

/** What has been counted since the start. */
final class Counts {

  private final LongAdder requests = new LongAdder();

  void countRequest() {
    requests.increment();
  }

  long requests() {
    return requests.sum();
  }
}
