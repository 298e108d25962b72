package io.hayloft.tracker.store;

import java.util.HashSet;
import java.util.Set;

/**
 * Hears of changes to what look-ups tell while nobody else can see them yet: whoever keeps copies
 * of answers must get rid of them before the change is visible, or a crash in between would leave
 * an old answer that nobody knows of.
 *
 * <p>Callers owe that {@link #announce} is called when all rows that the transaction changes are
 * locked, and that the transaction is rolled back when it throws. Implementers owe that both
 * methods of the answer return within a fraction of a second.
 */
public interface ChangeListener {

  /** Nobody who listens. */
  ChangeListener NONE =
      changes ->
          new Announcement() {
            @Override
            public Set<String> raise() {
              return Set.of();
            }

            @Override
            public void ended(boolean certain) {}
          };

  /** Two that listen. */
  static ChangeListener both(ChangeListener first, ChangeListener second) {
    return changes -> {
      var one = first.announce(changes);
      var other = second.announce(changes);
      return new Announcement() {
        @Override
        public Set<String> raise() {
          var all = new HashSet<>(one.raise());
          all.addAll(other.raise());
          return all;
        }

        @Override
        public void ended(boolean certain) {
          one.ended(certain);
          other.ended(certain);
        }
      };
    };
  }

  /** A transaction is about to commit. It may be announced again when it has to be run again. */
  Announcement announce(LookupChanges changes);

  /** What is to be done for one announced transaction. */
  interface Announcement {

    /**
     * The settings, numbers, that the transaction must count up with the change, because not
     * everybody could be told of it.
     */
    Set<String> raise();

    /**
     * The transaction has been committed and its connection been given back.
     *
     * @param certain false when it is not known whether it was committed, or yet will be
     */
    void ended(boolean certain);
  }
}
