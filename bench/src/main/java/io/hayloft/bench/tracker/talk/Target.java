package io.hayloft.bench.tracker.talk;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Where new files go.
 *
 * @param keys the number of the next key: none is used twice
 */
public record Target(String domain, String fileClass, AtomicLong keys) {

  /** What a request to store a file says of it, before the key's number. */
  String names(String stem) {
    return "domain=" + domain + "&class=" + fileClass + "&key=" + stem;
  }
}
