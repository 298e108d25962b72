package io.hayloft.tracker.work.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storing, replacing, renaming, deleting, replicating, checking, moving, emptying and levelling
 * devices, healing what nodes have found, taking orphans away, reaping and dying trackers, all on
 * the same few files at the same time, on a real database. {@code -Dhayloft.soak.rounds=10000} has
 * it go on for longer, {@code -Dhayloft.soak.seed=…} plays the rounds of a failure again.
 */
class ConcurrentUpkeepTest {

  private static final int ROUNDS = Integer.getInteger("hayloft.soak.rounds", 300);
  private static final int ROUNDS_BETWEEN_RESTS = 20;

  /** With fewer it may well be that one kind of work found nothing to do. */
  private static final int ENOUGH_FOR_ALL_WORK = 1000;

  private static final Logger log = LoggerFactory.getLogger(ConcurrentUpkeepTest.class);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @Test
  void whateverHappensAtTheSameTimeNothingIsLostAndAllComesToRest() throws Exception {
    long seed = Long.getLong("hayloft.soak.seed", System.nanoTime());
    try (var soak = new Soak(DATABASE, seed)) {
      for (int round = 1; round <= ROUNDS; round++) {
        soak.round(round);
        if (round % ROUNDS_BETWEEN_RESTS == 0 || round == ROUNDS) {
          soak.comeToRest(round);
        }
        assertThat(soak.violations()).as("%s\nfiles %s", soak.story(), soak.files()).isEmpty();
      }
      log.info("done: {}", soak.done());
      if (ROUNDS >= ENOUGH_FOR_ALL_WORK) {
        assertThat(soak.done().values()).as("%s", soak.done()).doesNotContain(0);
      }
    }
  }
}
