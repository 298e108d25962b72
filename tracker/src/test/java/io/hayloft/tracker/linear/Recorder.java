package io.hayloft.tracker.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Writes down what many ask for at the same time and are told. */
public final class Recorder<C, A> {

  private final AtomicLong clock = new AtomicLong();
  private final List<Operation<C, A>> operations = new ArrayList<>();

  /**
   * @param command what is asked for
   * @param asking asks for it; empty when nobody knows whether it was done
   */
  public void record(C command, Supplier<Optional<A>> asking) {
    long asked = clock.incrementAndGet();
    var answer = asking.get();
    long answered = answer.isPresent() ? clock.incrementAndGet() : Operation.NEVER;
    synchronized (operations) {
      operations.add(new Operation<>(command, answer, asked, answered));
    }
  }

  public List<Operation<C, A>> operations() {
    synchronized (operations) {
      return List.copyOf(operations);
    }
  }
}
