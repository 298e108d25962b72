package io.hayloft.bench.loop;

/**
 * What is said over the connections of an {@link OpenLoop}: operations of several kinds, which may
 * end otherwise than well. Only answers that contradict what was asked for are thrown.
 */
public interface Course extends Dialogue {

  /** Passes over the operation that would be begun next: nobody could begin it in time. */
  int skip();

  /** Of which kind the operation is that the client has begun, from 0. */
  int kind(Turn turn);

  /** How the operation ended that was over with the last answer. */
  Ending ending(Turn turn);
}
