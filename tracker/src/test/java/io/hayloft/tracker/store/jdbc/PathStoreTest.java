package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.FilePath;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.PathStore.Naming;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PathStoreTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int AT_ONCE = 8;

  @Test
  void ofManyWhoMakeTheSameDirectoriesAllSucceed() throws SQLException, InterruptedException {
    Tables.OURS.create(DATABASE);
    var config = DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password());
    List<Naming> all = new ArrayList<>();
    try (var stores =
            JdbcStores.open(
                config,
                new SimpleMeterRegistry(),
                ChangeListener.NONE,
                Thread::startVirtualThread);
        var tasks = Tasks.virtual()) {
      for (int round = 0; round < 25; round++) {
        var path = FilePath.ofFile("/new" + round + "/deep/file").orElseThrow();
        all.addAll(
            tasks.forEach(
                Collections.nCopies(AT_ONCE, path),
                AT_ONCE,
                each -> stores.paths().name(StoreFixture.DOMAIN, each, new Fid(1))));
      }
    }
    assertThat(all).containsOnly(new Naming.Named(Optional.empty()));
  }
}
