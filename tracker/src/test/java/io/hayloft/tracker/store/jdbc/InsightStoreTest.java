package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.store.InsightStore;
import io.hayloft.tracker.store.InsightStore.Depth;
import io.hayloft.tracker.store.InsightStore.Held;
import io.hayloft.tracker.store.InsightStore.Span;
import io.hayloft.tracker.store.InsightStore.Tally;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Tables.class)
class InsightStoreTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final InsightStore insight = fixture.upkeep().insight();

  InsightStoreTest(Tables tables) {
    assertThat(tables).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
  }

  @AfterEach
  void stop() throws SQLException {
    fixture.close();
  }

  @Test
  void filesAreCountedByTheirCopiesOnDevicesThatWereNamed() throws SQLException {
    assertThat(insight.files()).isEmpty();
    var first = fixture.settled("a", DEV1, DEV2);
    fixture.settled("b", DEV1);
    var last = fixture.settled("c", DEV1, DEV2, DEV3);
    var span = new Span(first.value(), last.value());
    assertThat(insight.files()).contains(span);

    assertThat(insight.tally(span, List.of(DEV1, DEV2, DEV3)))
        .containsExactlyInAnyOrder(tally(1, 1), tally(2, 1), tally(3, 1));
    assertThat(insight.tally(span, List.of(DEV2, DEV3)))
        .containsExactlyInAnyOrder(tally(0, 1), tally(1, 1), tally(2, 1));
    assertThat(insight.tally(span, List.of())).containsExactly(tally(0, 3));
    assertThat(insight.tally(new Span(last.value(), last.value()), List.of(DEV1)))
        .containsExactly(tally(1, 1));
  }

  private static Tally tally(int copies, long files) {
    return new Tally(StoreFixture.DOMAIN, ClassId.DEFAULT, copies, files);
  }

  @Test
  void queuesTellHowLongTheyAreAndSinceWhen() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_replicate (fid, nexttry) VALUES (1, 0),"
            + " (2, UNIX_TIMESTAMP() - 500), (3, UNIX_TIMESTAMP() + 500), (4, 2147483647)");
    fixture.sql(
        "INSERT INTO file_to_queue (fid, type, nexttry) VALUES (1, 1, UNIX_TIMESTAMP() + 500),"
            + " (1, 2, UNIX_TIMESTAMP() + 500), (2, 2, UNIX_TIMESTAMP() + 500)");

    var queues = insight.queues();
    assertThat(queues)
        .extracting(Depth::queue)
        .containsExactly("replicate", "delete", "fsck", "rebalance");
    assertThat(queues.getFirst().rows()).isEqualTo(4);
    assertThat(queues.getFirst().due()).isEqualTo(2);
    assertThat(queues.getFirst().stuck()).isEqualTo(1);
    assertThat(queues.getFirst().waiting().orElseThrow()).isBetween(499L, 560L);
    assertThat(queues.subList(1, 4))
        .containsExactly(
            new Depth("delete", 0, 0, 0, OptionalLong.empty()),
            new Depth("fsck", 1, 0, 0, OptionalLong.empty()),
            new Depth("rebalance", 2, 0, 0, OptionalLong.empty()));
  }

  @Test
  void theFilesOfADeviceComeInPagesWithWhereElseTheyAre() throws SQLException {
    var first = fixture.settled("a", DEV1, DEV2, DEV3);
    var second = fixture.settled("b", DEV1);
    fixture.settled("c", DEV1, DEV2);

    var page = insight.filesOn(DEV1, 0, 2);
    assertThat(page).extracting(held -> held.file().fid()).containsExactly(first, second);
    assertThat(page).extracting(Held::others).containsExactly(Set.of(DEV2, DEV3), Set.of());
    assertThat(insight.filesOn(DEV1, second.value(), 2)).hasSize(1);
    assertThat(insight.filesOn(DEV3, 0, 2)).hasSize(1);
  }
}
