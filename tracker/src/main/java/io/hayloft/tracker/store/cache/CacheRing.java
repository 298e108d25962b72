package io.hayloft.tracker.store.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Servers that keep short texts for a while, or lose them at any time.
 *
 * <p>Implementers owe that an entry belongs to the same server for everybody who has the same list
 * of servers, whichever of them are alive; that a call ends within its time-out; and that a token
 * is never given twice for one key while the server runs.
 */
public interface CacheRing extends AutoCloseable {

  /**
   * What an entry is called on its server.
   *
   * @param prefix has no colon and no part in choosing the server
   * @param entry of visible characters of ASCII
   */
  record Key(String prefix, String entry) {
    @Override
    public String toString() {
      return prefix + ":" + entry;
    }
  }

  /** What a server has, and what tells whether it was touched since. */
  record Held(String value, long token) {}

  /** The server of an entry, as it is called in the list. */
  String serverOf(String entry);

  /** What its server has of a key. */
  Optional<Held> gets(Key key) throws CacheException;

  /** Puts a value where there is none, and tells what is there then. */
  Optional<Held> addAndGets(Key key, String value, Duration keep) throws CacheException;

  /** Replaces what was held unless it was touched since; whether it did is not told. */
  void replace(Key key, Held held, String value, Duration keep) throws CacheException;

  /** Puts a value there, whatever there was; returns once the server has it. */
  void put(Key key, String value, Duration keep) throws CacheException;

  @Override
  void close();

  /** Opens rings. */
  @FunctionalInterface
  interface Opener {

    /** Does not fail for servers that are away. */
    CacheRing open(List<String> servers) throws CacheException;
  }
}
