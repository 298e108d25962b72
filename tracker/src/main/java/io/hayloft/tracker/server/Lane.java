package io.hayloft.tracker.server;

/**
 * Which places requests may take, and which line they wait in. All but an eighth of the places are
 * for everybody; the last ones are for look-ups alone. While the database hangs, all else waits for
 * it, and would take every place: those who could be answered from memory, or by a replica, would
 * find none.
 */
enum Lane {
  LOOK_UPS,
  OTHERS;

  private static final int SHARE_FOR_LOOK_UPS = 8;

  /** How many of so many places requests of all lanes but the look-ups' may have. */
  static int mostOthers(int places) {
    return places - places / SHARE_FOR_LOOK_UPS;
  }
}
