package io.hayloft.tracker.store;

import io.hayloft.protocol.Key;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys in their order, as the bytes that the database has: whoever lists a thousand of them passes
 * them on and needs none as a value of its own. Nobody else keeps or changes the bytes.
 */
public final class KeyPage {

  private final List<byte[]> keys = new ArrayList<>();

  /** Takes a further key. */
  public void add(byte[] key) {
    if (key.length < 1 || key.length > Key.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + Key.MAX_BYTES + " bytes, not " + key.length);
    }
    keys.add(key);
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  public int size() {
    return keys.size();
  }

  /** The bytes of one of them, from 0. */
  public byte[] bytes(int index) {
    return keys.get(index);
  }

  /** All as values. */
  public List<Key> keys() {
    return keys.stream().map(Key::of).toList();
  }
}
