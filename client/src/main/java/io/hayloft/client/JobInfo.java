package io.hayloft.client;

import java.util.List;

/**
 * A kind of background work of one tracker.
 *
 * @param count how many workers there are
 * @param desired how many there shall be
 * @param workers their numbers
 */
public record JobInfo(String name, int count, int desired, List<String> workers) {
  public JobInfo {
    workers = List.copyOf(workers);
  }
}
