package io.hayloft.bench.loop;

/**
 * What is said over all connections of a {@link ClosedLoop}, by its one thread: operations of one
 * request or several, one after the other.
 *
 * <p>Implementers check every answer; a wrong one is thrown, and ends the run.
 */
public interface Dialogue {

  /**
   * Begins a client's next operation by its first request.
   *
   * @return whether there is one; without, the client does nothing more in this run
   */
  boolean begin(Turn turn);

  /**
   * Looks at the answer to the client's last request, and may make the next one.
   *
   * @return whether the operation is over
   * @throws IllegalStateException when the answer is not the right one
   */
  boolean answered(Turn turn, Answer answer);
}
