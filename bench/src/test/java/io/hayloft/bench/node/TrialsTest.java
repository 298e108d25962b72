package io.hayloft.bench.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.hayloft.bench.load.Span;
import io.hayloft.bench.node.Contest.Goals;
import io.hayloft.bench.node.Population.Written;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.bench.server.Contender;
import io.hayloft.bench.server.Program;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That each trial does its job and counts right, in a second; the speeds mean nothing here. */
class TrialsTest {

  private static final Settings QUICK =
      new Settings(1, 1, 0, List.of(4), List.of(30), List.of("-XX:TieredStopAtLevel=1"));

  private static final List<String> told = new ArrayList<>();
  private static Scratch scratch;
  private static Tasks tasks;
  private static Stage stage;
  private final NodeReport report = new NodeReport(Map.of());

  @BeforeAll
  static void setUp() throws Exception {
    assumeThat(Program.find("nginx")).as("nginx").isPresent();
    assumeThat(Program.find("wrk")).as("wrk").isPresent();
    // Not among temporary files, which may be in memory: cold reads need a disk.
    scratch = Scratch.in(Path.of("target", "smoke-node"), false);
    tasks = Tasks.virtual();
    stage = new Stage(scratch.path(), QUICK, new Stage.World(tasks, Time.system(), told::add));
  }

  @AfterAll
  static void tearDown() throws Exception {
    if (stage != null) {
      stage.close();
      tasks.close();
      scratch.close();
    }
  }

  @Test
  void readingIsMeasuredOnEveryServer() throws Exception {
    new Reading(new Contest("small", Kind.GET, 1000, 20, Goals.NONE)).measure(stage, report);

    var comparison = report.comparisons().getFirst();
    var round = comparison.rounds().getFirst();
    assertThat(round.keySet())
        .containsExactly(Contender.HAYLOFT, Contender.NGINX_SENDFILE, Contender.NGINX_COPYING);
    assertThat(round.values())
        .allSatisfy(
            each -> {
              assertThat(each.perSecond()).isPositive();
              assertThat(each.cpuMicros()).isPositive();
            });
    assertThat(comparison.connections()).isEqualTo(4);

    // A file that changes behind the servers' backs is noticed.
    var servers = stage.servers(Kind.GET);
    var population = new Population(stage.newFiles(10), 500);
    population.store(servers.ours(), stage.tasks());
    Files.write(population.files().file(servers.ours().docroot(), 7), new byte[500]);
    assertThatThrownBy(() -> population.mustBeServedBy(servers.all().getLast()))
        .hasMessageContaining("other bytes");
  }

  @Test
  void writingIsMeasuredAndWhatWasWrittenIsThere() throws Exception {
    // More than can be written: that the first ones are there shows where it began.
    new Writing(new Contest("small", Kind.DURABLE_PUT, 5000, 100_000, Goals.NONE))
        .measure(stage, report);

    var comparison = report.comparisons().getFirst();
    assertThat(comparison.connections()).isEqualTo(16);
    assertThat(comparison.rounds().getFirst().keySet())
        .containsExactly(Contender.HAYLOFT, Contender.NGINX_DAV);
  }

  @Test
  void aFileThatWasAcknowledgedAndIsNotThereIsNoticed(@TempDir Path docroot) throws Exception {
    var population = new Population(new Span(1000, 30), 5000);
    var body = Population.block(5000);
    for (int i = 0; i < 30; i++) {
      Files.createDirectories(population.files().file(docroot, i).getParent());
      Files.write(population.files().file(docroot, i), body);
    }
    population.mustBeWritten(docroot, body, new Written(20, 25, 2));
    population.mustBeWritten(docroot, body, new Written(0, 1_000_000, 0));

    Files.write(population.files().file(docroot, 4), new byte[1]);
    assertThatThrownBy(() -> population.mustBeWritten(docroot, body, new Written(20, 25, 2)))
        .hasMessageContaining("0000001004.fid has other bytes");
    Files.delete(population.files().file(docroot, 4));
    // It may be one of those that nobody has acknowledged.
    population.mustBeWritten(docroot, body, new Written(20, 25, 2));
    Files.delete(population.files().file(docroot, 22));
    Files.delete(population.files().file(docroot, 23));
    assertThatThrownBy(() -> population.mustBeWritten(docroot, body, new Written(20, 25, 2)))
        .hasMessageContaining("only 24 of 25 files");
  }

  @Test
  void populationIsReadFromAsItWasLaid() throws Exception {
    new Curve().measure(stage, report);

    assertThat(report.comparisons().getFirst().contest().title()).isEqualTo("GET 4 KiB, 30 files");
    assertThat(told).anyMatch(line -> line.contains("30 files laid"));
  }

  @Test
  void idleConnectionsAreOpenWhenTheirMemoryIsLookedAt() throws Exception {
    new Idle(50, Duration.ofMillis(10)).measure(stage, report);

    assertThat(report.markdown()).contains("| 50 idle connections");
  }

  @Test
  void startingIsTimedUntilAFileWasRead() throws Exception {
    new Start().measure(stage, report);

    assertThat(report.markdown()).contains("start to the first GET, ms");
    assertThat(told).anyMatch(line -> line.contains("started in "));
  }

  @Test
  void coldReadsAreCold() throws Exception {
    assumeThat(Files.getFileStore(scratch.path()).type()).isNotEqualTo("tmpfs");

    new Cold(20, 30).measure(stage, report);

    assertThat(report.markdown()).contains("p99 of hot reads beside cold ones");
  }

  @Test
  void whoWaitsForWorkThatHasTimeIsMeasuredBesideAllKindsOfIt() throws Exception {
    new Yield(100, 10).measure(stage, report);

    assertThat(report.markdown())
        .contains("p99 of 100 reads a second, ms |")
        .contains("beside digests |")
        .contains("beside a listing with checksums |")
        .contains("beside copies |");
  }
}
