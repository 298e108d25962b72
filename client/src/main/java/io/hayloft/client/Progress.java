package io.hayloft.client;

import java.util.OptionalLong;

/**
 * Is told how far a transfer has come, on the thread that does it; so it should be quick. What it
 * throws ends the transfer.
 */
@FunctionalInterface
public interface Progress {

  /** Listens to nothing. */
  Progress NONE = (bytes, total) -> {};

  /**
   * Some bytes have moved.
   *
   * @param bytes moved so far; smaller than the last time when the transfer had to begin anew
   * @param total the whole length, where it is known
   */
  void moved(long bytes, OptionalLong total);
}
