package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.TodoStore;
import io.hayloft.tracker.store.TodoStore.Kind;
import io.hayloft.tracker.store.TodoStore.Queued;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Tables.class)
class TodoStoreTest {

  private static final Duration LEASE = Duration.ofMinutes(1);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final TodoStore todo = fixture.upkeep().todo();

  TodoStoreTest(Tables tables) {
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
  void aRowIsReadWithItsDevices() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_queue (fid, devid, type, nexttry, failcount, arg)"
            + " VALUES (7, 3, 2, 0, 5, '4,8')");

    var claimed = todo.claim(Kind.REBALANCE, 10, LEASE);

    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().device()).contains(StoreFixture.DEV3);
    assertThat(claimed.getFirst().targets().toString()).isEqualTo("[4, 8]");
    assertThat(claimed.getFirst().failures()).isEqualTo(5);
  }

  @Test
  void aClaimOfOneKindLeavesTheOtherAlone() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_queue (fid, devid, type, nexttry, arg) VALUES"
            + " (7, NULL, 1, 0, NULL), (7, 3, 2, 0, '4')");

    var claimed = todo.claim(Kind.FSCK, 10, LEASE);

    assertThat(claimed).extracting(Queued::fid).containsExactly(new Fid(7));
    assertThat(todo.claim(Kind.FSCK, 10, LEASE)).isEmpty();
    assertThat(fixture.query("SELECT type FROM file_to_queue WHERE nexttry = 0"))
        .containsExactly("2");
    todo.done(Kind.FSCK, claimed);
    assertThat(fixture.query("SELECT type FROM file_to_queue")).containsExactly("2");
    assertThat(todo.length(Kind.FSCK)).isZero();
    assertThat(todo.length(Kind.REBALANCE)).isEqualTo(1);
  }

  @Test
  void noRowIsClaimedTwice() throws Exception {
    for (int fid = 1; fid <= 200; fid++) {
      fixture.sql("INSERT INTO file_to_queue (fid, type, nexttry) VALUES (" + fid + ", 1, 0)");
    }
    var calls = new ArrayList<Callable<List<Queued>>>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> todo.claim(Kind.FSCK, 20, LEASE));
    }

    var claimed = StoreFixture.together(calls).stream().flatMap(Collection::stream).toList();

    assertThat(claimed).extracting(Queued::fid).doesNotHaveDuplicates();
    assertThat(claimed).hasSizeGreaterThan(20);
  }

  @Test
  void whatWasClaimedAnewIsNotTouchedByTheOldClaim() throws SQLException {
    fixture.sql("INSERT INTO file_to_queue (fid, type, nexttry) VALUES (7, 1, 0)");
    var old = todo.claim(Kind.FSCK, 10, LEASE);
    fixture.sql("UPDATE file_to_queue SET nexttry = 0");
    var anew = todo.claim(Kind.FSCK, 10, Duration.ofMinutes(2));

    todo.done(Kind.FSCK, old);
    todo.later(Kind.FSCK, old, Duration.ZERO);
    assertThat(fixture.query("SELECT failcount FROM file_to_queue")).containsExactly("0");

    todo.later(Kind.FSCK, anew, Duration.ZERO);
    assertThat(todo.claim(Kind.FSCK, 10, LEASE)).extracting(Queued::failures).containsExactly(1);
  }
}
