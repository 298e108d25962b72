package io.hayloft.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.cli.TestCluster;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.demo.SourceFiles.Item;
import io.hayloft.cli.demo.Store.Stored;
import io.hayloft.client.Hayloft;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The comparison on which the demonstration's exit code rests. */
class ReadBackTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir private Path directory;

  @Test
  void otherBytesAndMissingFilesAreFailuresAndTheSameBytesAreNone() throws Exception {
    var file = Files.writeString(directory.resolve("a"), "hay");
    var item = new Item(file, "a", "thumb", 3);
    try (var cluster = new TestCluster(DATABASE, directory.resolve("disks"));
        var tasks = Tasks.virtual();
        var client =
            Hayloft.builder().trackers(cluster.address()).domain(TestCluster.DOMAIN).build()) {
      var lanes = new Lanes(tasks, 2);
      var bar = bar();
      var stored = new Store(client, lanes, new Failures()).all(List.of(item), bar);

      assertThat(failures(client, lanes, stored)).isEmpty();

      client.store("a", "hey".getBytes(UTF_8));
      assertThat(failures(client, lanes, stored))
          .singleElement()
          .asString()
          .contains("other bytes");

      client.delete("a");
      assertThat(failures(client, lanes, stored)).singleElement().asString().contains("no file");
    }
  }

  private static List<String> failures(Hayloft client, Lanes lanes, List<Stored> stored)
      throws InterruptedException {
    var failures = new Failures();
    new ReadBack(client, lanes, failures).all(stored, bar());
    assertThat(failures.count()).isEqualTo(failures.first().size());
    return failures.first();
  }

  private static Progress bar() {
    return Progress.silent(
        Surroundings.system().terminal(), Time.system(), Progress.Goal.items("", "files", 1));
  }
}
