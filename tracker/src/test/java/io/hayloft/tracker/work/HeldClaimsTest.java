package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.store.ClaimStore;
import io.hayloft.tracker.store.ClaimStore.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldClaimsTest {

  private static final Fid ONE = new Fid(1);
  private static final Fid TWO = new Fid(2);

  private final ManualTime time = ManualTime.start();
  private final List<String> statements = new ArrayList<>();
  private final HeldClaims claims = new HeldClaims(this::prolong, time);

  private void prolong(Queue queue, long until, Collection<Fid> fids) {
    statements.add(queue + " " + until + " " + fids);
  }

  @Test
  void workThatEndsSoonCostsNothing() {
    claims.hold(Queue.REPLICATION, ONE, 1000);
    time.advance(Duration.ofSeconds(5));
    claims.step();
    claims.drop(Queue.REPLICATION, ONE);
    time.advance(Duration.ofMinutes(1));
    claims.step();

    assertThat(statements).isEmpty();
    assertThat(claims.size()).isZero();
  }

  @Test
  void workThatGoesOnKeepsItsClaimsAllInOneStatement() {
    claims.hold(Queue.REPLICATION, ONE, 1000);
    claims.hold(Queue.REPLICATION, TWO, 1000);
    claims.hold(Queue.DELETION, TWO, 1000);
    time.advance(Duration.ofSeconds(6));
    claims.step();

    assertThat(statements).containsExactly("REPLICATION 1000 [1, 2]", "DELETION 1000 [2]");
    assertThat(claims.until(Queue.REPLICATION, ONE, 1000)).isEqualTo(1008);
  }

  /** By the loop that calls the step every two seconds. */
  @Test
  void aClaimNeverEndsWhileItIsHeldNorLastsMuchLongerWhenItIsNotAnyMore() {
    claims.hold(Queue.REPLICATION, ONE, 1020);
    for (int seconds = 0; seconds < 300; seconds += 2) {
      claims.step();
      long left = claims.until(Queue.REPLICATION, ONE, 0) - (1000 + seconds);
      assertThat(left).isBetween(13L, 22L);
      time.advance(Duration.ofSeconds(2));
    }
  }

  @Test
  void aClaimThatCannotBeProlongedIsTriedAgain() {
    var failing = new boolean[] {true};
    var fragile =
        new HeldClaims(
            (_, _, _) -> {
              if (failing[0]) {
                throw new IllegalStateException("away");
              }
            },
            time);
    fragile.hold(Queue.FSCK, ONE, 1000);
    time.advance(Duration.ofSeconds(7));
    try {
      fragile.step();
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("away");
    }
    assertThat(fragile.until(Queue.FSCK, ONE, 0)).isEqualTo(1000);
    failing[0] = false;
    fragile.step();

    assertThat(fragile.until(Queue.FSCK, ONE, 0)).isEqualTo(1000 + ClaimStore.STEP.toSeconds());
  }
}
