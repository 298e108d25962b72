package io.hayloft.tracker.server;

/** The client at the other end of a connection. */
interface Visitor {

  String ip();

  /**
   * Sends a line that is no reply, unless the client is slow in reading: then it misses it.
   *
   * @param line without its end
   */
  void tell(String line);
}
