package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.tracker.command.Jobs;
import io.hayloft.tracker.server.RequestQueue;
import io.hayloft.tracker.work.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators can do to the jobs of a tracker, and what of them they see. */
@Timeout(30)
class CrewJobsTest {

  private final Tasks tasks = Tasks.virtual();
  private final Map<String, AtomicInteger> steps = new ConcurrentHashMap<>();
  private final RequestQueue queue =
      new RequestQueue(tasks.executor("request"), Time.system(), 2, 10, Duration.ofMinutes(1));
  private final Workload deletions = new Workload();
  private final Workload others = new Workload();
  private final Crew delete = crew("delete");
  private final Crew expire = crew("expire");
  private final Crew reaper = crew("reaper");
  private final Crew monitor = crew("monitor");
  private final Crew injection = crew("injection");
  private final CrewJobs jobs =
      new CrewJobs(
          monitor,
          List.of(
              Job.of(delete, 2).with(deletions).with("other", others).with(expire),
              Job.of(reaper, 1)),
          List.of(injection),
          queue);

  private Crew crew(String job) {
    var count = steps.computeIfAbsent(job, name -> new AtomicInteger());
    return new Crew(
        job,
        () ->
            () -> {
              count.incrementAndGet();
              return Pace.rest(Duration.ofHours(1));
            },
        tasks,
        Time.system(),
        RandomGenerator.getDefault());
  }

  @BeforeEach
  void start() {
    monitor.want(1);
    jobs.switchMaster(true);
  }

  @AfterEach
  void stop() {
    jobs.close();
    tasks.close();
  }

  private int stepsOf(String job) {
    var count = steps.get(job);
    return count == null ? 0 : count.get();
  }

  @Test
  void crewsBehindAJobAreNotSeen() {
    assertThat(jobs.crews().keySet())
        .containsExactly("delete", "job_master", "monitor", "queryworker", "reaper");
    assertThat(jobs.crews())
        .containsEntry("delete", new Jobs.Staff(2, List.of(1L, 2L)))
        .containsEntry("job_master", new Jobs.Staff(1, List.of(1L)));
    assertThat(expire.running()).hasSize(1);
    assertThat(injection.running()).hasSize(1);
  }

  @Test
  void crewsBehindAJobComeAndGoWithIt() {
    jobs.want(0, "delete");
    await().until(() -> delete.running().isEmpty() && expire.running().isEmpty());
    assertThat(reaper.running()).hasSize(1);

    jobs.want(5, "delete");
    assertThat(delete.running()).hasSize(5);
    assertThat(expire.running()).hasSize(1);
  }

  @Test
  void withoutTheMasterNothingRunsButTheNumbersAreKept() {
    jobs.want(0, "job_master");

    await()
        .until(
            () ->
                List.of(delete, expire, reaper, injection).stream()
                    .allMatch(crew -> crew.running().isEmpty()));
    assertThat(monitor.running()).hasSize(1);
    assertThat(jobs.crews())
        .containsEntry("delete", new Jobs.Staff(2, List.of()))
        .containsEntry("job_master", new Jobs.Staff(0, List.of()));
    jobs.want(3, "delete");
    assertThat(delete.running()).isEmpty();

    jobs.want(1, "job_master");
    assertThat(delete.running()).hasSize(3);
    assertThat(expire.running()).hasSize(1);
    assertThat(injection.running()).hasSize(1);
  }

  @Test
  void monitorAndMasterAreNeverMoreThanOne() {
    jobs.want(2, "monitor");
    jobs.want(7, "job_master");

    assertThat(jobs.crews())
        .containsEntry("monitor", new Jobs.Staff(1, List.of(1L)))
        .containsEntry("job_master", new Jobs.Staff(1, List.of(1L)));

    jobs.want(0, "monitor");
    await().until(() -> monitor.running().isEmpty());
  }

  @Test
  void requestsAtOnceAreAJobToo() {
    jobs.want(3, "queryworker");

    assertThat(queue.allowed()).isEqualTo(3);
    assertThat(jobs.crews()).containsEntry("queryworker", new Jobs.Staff(3, List.of(1L, 2L, 3L)));
  }

  @Test
  void wakingReachesAllCrewsOfAJob() {
    await().until(() -> stepsOf("delete") == 2 && stepsOf("expire") == 1);

    assertThat(jobs.send("delete", ":wake_up")).isEqualTo(2);

    await().until(() -> stepsOf("delete") == 4 && stepsOf("expire") == 2);
    assertThat(stepsOf("reaper")).isLessThan(2);
  }

  @Test
  void workersThatAreToldToStopAreReplaced() {
    assertThat(jobs.send("delete", ":shutdown")).isEqualTo(2);

    await().until(() -> delete.running().equals(List.of(3L, 4L)));
    await().until(() -> expire.running().equals(List.of(2L)));
    assertThat(jobs.crews().get("delete")).isEqualTo(new Jobs.Staff(2, List.of(3L, 4L)));
  }

  @Test
  void otherMessagesAndOtherJobsDoNothing() {
    assertThat(jobs.send("delete", "sing")).isEqualTo(2);
    assertThat(jobs.send("queryworker", ":shutdown")).isEqualTo(2);
    assertThat(jobs.send("expire", ":shutdown")).isZero();
    assertThat(jobs.send("cooking", ":shutdown")).isZero();

    assertThat(delete.running()).containsExactly(1L, 2L);
    assertThat(expire.running()).containsExactly(1L);
  }

  @Test
  void loadsAreThoseOfJobsThatTookSomething() {
    assertThat(jobs.loads()).isEmpty();

    deletions.take(5);
    deletions.end(2);

    assertThat(jobs.loads()).containsOnly(Map.entry("delete", new Jobs.Load(3, 5)));
    others.take(1);
    assertThat(jobs.loads()).containsEntry("other", new Jobs.Load(1, 1)).hasSize(2);
  }
}
