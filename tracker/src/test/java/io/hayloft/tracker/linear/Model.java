package io.hayloft.tracker.linear;

import java.util.Optional;

/** What commands that are carried out one after the other do and answer. */
@FunctionalInterface
public interface Model<S, C, A> {

  /**
   * @param answer empty when nobody knows it; every command must be possible then
   * @return what is true afterwards; empty when the command is not answered so in that state
   */
  Optional<S> after(S state, C command, Optional<A> answer);
}
