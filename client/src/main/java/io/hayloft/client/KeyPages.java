package io.hayloft.client;

import io.hayloft.protocol.Key;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;

/** A list of keys that asks the trackers for its next part only when it is needed. */
final class KeyPages implements Iterator<Key> {

  /** The most a tracker gives at one time. */
  static final int PAGE = 1000;

  private final Lookups lookups;
  private final String prefix;
  private final Queue<Key> page = new ArrayDeque<>();
  private Optional<Key> after;
  private boolean more = true;

  KeyPages(Lookups lookups, String prefix, Optional<Key> after) {
    this.lookups = lookups;
    this.prefix = prefix;
    this.after = after;
  }

  @Override
  public boolean hasNext() {
    while (page.isEmpty() && more) {
      try {
        var part = lookups.keys(prefix, after, PAGE);
        page.addAll(part.keys());
        after = part.next();
        more = after.isPresent();
      } catch (HayloftException e) {
        throw new UncheckedIOException(e);
      }
    }
    return !page.isEmpty();
  }

  @Override
  public Key next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.remove();
  }
}
