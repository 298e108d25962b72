package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A thousand files that fail for one reason are a few lines in the log, whatever job they fail. */
class JobLogTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int FILES = 1000;
  private static final int STEPS = 400;

  /** The first of each cause, its sum after a minute, and a device or two. */
  private static final int FEW = 8;

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.hayloft.tracker");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1).host("b", 2).host("c", 3);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    fixture.close();
  }

  /** Rows of files 1 to 1000, believed to be on these devices, in a queue. */
  private void files(String queue, String columns, String values, int... devices)
      throws SQLException {
    insert("file (fid, dmid, dkey, length, classid, devcount)", "%d, 1, 'k%1$d', 10, 0, 1");
    fixture.sql("UPDATE file SET dmid = " + fixture.domain());
    insert(queue + " (" + columns + ")", values);
    for (int device : devices) {
      insert("file_on (fid, devid)", "%d, " + device);
    }
  }

  private void insert(String table, String values) throws SQLException {
    var rows =
        IntStream.rangeClosed(1, FILES)
            .mapToObj(fid -> "(" + values.formatted(fid) + ")")
            .collect(Collectors.joining(","));
    fixture.sql("INSERT INTO " + table + " VALUES " + rows);
  }

  /** Until all rows of a queue are put off, or gone. */
  private void workOff(Worker worker, String queue) throws Exception {
    for (int step = 0; step < STEPS && due(queue) > 0; step++) {
      var _ = worker.step();
    }
    assertThat(due(queue)).as("rows still due").isZero();
  }

  private int due(String queue) throws SQLException {
    return Integer.parseInt(
        fixture
            .query("SELECT COUNT(*) FROM " + queue + " WHERE nexttry <= UNIX_TIMESTAMP()")
            .getFirst());
  }

  private List<String> written() {
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }

  @Test
  void filesThatCannotBeCopied() throws Exception {
    files("file_to_replicate", "fid, nexttry", "%d, 0", 1);
    fixture.nodes.device(2, Trouble.READ_ONLY);
    IntStream.rangeClosed(1, FILES).forEach(fid -> fixture.nodes.store(1, fid, WorkFixture.BYTES));
    var tracker = fixture.tracker("t");
    fixture.nodes.host(1, Trouble.BAD_READS);

    workOff(tracker.replicate(), "file_to_replicate");
    Awaitility.await().until(() -> tracker.replication().underWay() == 0);

    assertThat(written()).isNotEmpty().hasSizeLessThan(FEW);
  }

  @Test
  void filesWithoutAKnownPlace() throws Exception {
    files("file_to_replicate", "fid, nexttry", "%d, 0");
    var tracker = fixture.tracker("t");

    workOff(tracker.replicate(), "file_to_replicate");
    Awaitility.await().until(() -> tracker.replication().underWay() == 0);

    assertThat(written()).anyMatch(line -> line.startsWith("ERROR")).hasSizeLessThan(FEW);
  }

  @Test
  void filesThatCannotBeDeleted() throws Exception {
    insert("file_on (fid, devid)", "%d, 1");
    insert("file_to_delete2 (fid, nexttry, failcount)", "%d, 0, 0");
    var tracker = fixture.tracker("t");
    fixture.nodes.device(1, Trouble.REFUSES);

    workOff(tracker.delete(), "file_to_delete2");

    assertThat(written()).isNotEmpty().hasSizeLessThan(FEW);
  }

  @Test
  void filesThatAreQueuedForDeletionByMistake() throws Exception {
    files("file_to_delete2", "fid, nexttry, failcount", "%d, 0, 0", 1);
    var tracker = fixture.tracker("t");

    workOff(tracker.delete(), "file_to_delete2");

    assertThat(written()).isNotEmpty().hasSizeLessThan(FEW);
  }

  @Test
  void filesThatAreLost() throws Exception {
    files("file_to_queue", "fid, type, nexttry", "%d, 1, 0", 1, 2);
    var upkeep = fixture.upkeep(fixture.tracker("t"), "m");

    workOff(upkeep.fsck(), "file_to_queue");

    assertThat(written()).isNotEmpty().hasSizeLessThan(FEW);
  }

  @Test
  void filesThatCannotBeChecked() throws Exception {
    files("file_to_queue", "fid, type, nexttry", "%d, 1, 0", 1, 2);
    var upkeep = fixture.upkeep(fixture.tracker("t"), "m");
    fixture.nodes.host(1, Trouble.REFUSES);

    workOff(upkeep.fsck(), "file_to_queue");

    assertThat(written()).isNotEmpty().hasSizeLessThan(FEW);
  }

  @Test
  void filesThatCannotBeMoved() throws Exception {
    files("file_to_queue", "fid, type, nexttry, devid, arg", "%d, 2, 0, 1, '3'", 1, 2);
    var upkeep = fixture.upkeep(fixture.tracker("t"), "m");
    fixture.nodes.host(1, Trouble.BAD_READS);

    workOff(upkeep.rebalance(), "file_to_queue");

    assertThat(written()).isNotEmpty().hasSizeLessThan(FEW);
  }
}
