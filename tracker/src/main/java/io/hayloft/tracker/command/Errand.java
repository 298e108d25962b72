package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.tracker.store.Hearer;
import java.util.Optional;

/**
 * A command that waits for one thing only, which the database is asked for together with what
 * others want. It is begun on a thread that must not wait, and ended on another such; in between
 * there is no thread that waits for it. To wake one costs more than all the rest of a simple
 * command.
 */
@FunctionalInterface
interface Errand {

  /** Hears of the reply, once. */
  interface Then extends Hearer<Optional<Reply>> {

    /** From now on something else than the database is waited for. */
    void waitsFor(Phase phase);
  }

  /**
   * Begins it. The last thing that this does is to ask, so that nothing was asked when it throws.
   *
   * @param then hears of no reply where it turns out that more has to be waited for: then the
   *     command, which has changed nothing, is carried out as any other
   * @return false when that is clear already: then nothing was begun, and nothing is heard
   */
  boolean begin(Call call, Then then);
}
