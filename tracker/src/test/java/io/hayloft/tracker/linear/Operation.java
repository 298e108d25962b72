package io.hayloft.tracker.linear;

import java.util.Optional;

/**
 * What somebody asked for and was told.
 *
 * @param answer empty when nobody knows whether it was done: it may have been, or be later
 * @param asked a tick of a clock that all share and that ticks with each event
 * @param answered a later tick; {@link #NEVER} when there is no answer
 */
public record Operation<C, A>(C command, Optional<A> answer, long asked, long answered) {

  public static final long NEVER = Long.MAX_VALUE;

  public Operation {
    if (asked >= answered || answer.isEmpty() != (answered == NEVER)) {
      throw new IllegalArgumentException("asked at " + asked + ", " + answer + " at " + answered);
    }
  }

  public static <C, A> Operation<C, A> of(C command, A answer, long asked, long answered) {
    return new Operation<>(command, Optional.of(answer), asked, answered);
  }

  public static <C, A> Operation<C, A> unknown(C command, long asked) {
    return new Operation<>(command, Optional.empty(), asked, NEVER);
  }

  @Override
  public String toString() {
    return answered == NEVER
        ? "%s -> ? (%d-)".formatted(command, asked)
        : "%s -> %s (%d-%d)".formatted(command, answer.orElseThrow(), asked, answered);
  }
}
