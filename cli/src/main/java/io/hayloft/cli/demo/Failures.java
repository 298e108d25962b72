package io.hayloft.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** What went wrong, counted, with the first few in words. Safe to share between threads. */
final class Failures {

  private static final int SHOWN = 5;

  private final List<String> first = new ArrayList<>();
  private long count;

  synchronized void add(String sentence) {
    count++;
    if (first.size() < SHOWN) {
      first.add(sentence);
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized List<String> first() {
    return List.copyOf(first);
  }
}
