package io.hayloft.tracker;

import io.hayloft.runtime.worker.Crew;
import io.hayloft.tracker.command.Jobs;
import io.hayloft.tracker.server.RequestQueue;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The jobs of this tracker as its console shows and sets them. Two entries are no crews: {@code
 * queryworker} stands for how many requests are answered at a time, and {@code job_master}, which
 * is on or off, for whether there is background work at all. While it is off the other jobs keep
 * the number that is wanted of them and have no workers.
 */
final class CrewJobs implements Jobs, AutoCloseable {

  private static final String REQUESTS = "queryworker";
  private static final String MONITOR = "monitor";
  private static final String WAKE = ":wake_up";
  private static final String SHUTDOWN = ":shutdown";

  private final Crew monitor;
  private final Map<String, Job> background = new TreeMap<>();
  private final List<Crew> behindMaster;
  private final RequestQueue queue;

  private final Object lock = new Object();
  private final Map<String, Integer> desired = new TreeMap<>();
  private boolean isMasterOn;

  /**
   * @param background jobs whose crews nobody has started yet
   * @param behindMaster crews with one loop each while there is background work
   */
  CrewJobs(Crew monitor, List<Job> background, List<Crew> behindMaster, RequestQueue queue) {
    this.monitor = monitor;
    this.behindMaster = List.copyOf(behindMaster);
    this.queue = queue;
    for (var job : background) {
      this.background.put(job.name(), job);
      this.desired.put(job.name(), job.workers());
    }
  }

  @Override
  public SortedMap<String, Jobs.Staff> crews() {
    var crews = new TreeMap<String, Jobs.Staff>();
    synchronized (lock) {
      background.forEach(
          (name, job) ->
              crews.put(name, new Jobs.Staff(desired.getOrDefault(name, 0), job.crew().running())));
      crews.put(
          Jobs.MASTER, new Jobs.Staff(isMasterOn ? 1 : 0, isMasterOn ? List.of(1L) : List.of()));
    }
    crews.put(MONITOR, new Jobs.Staff(monitor.desired(), monitor.running()));
    int requests = queue.allowed();
    crews.put(
        REQUESTS, new Jobs.Staff(requests, LongStream.rangeClosed(1, requests).boxed().toList()));
    return crews;
  }

  @Override
  public SortedMap<String, Jobs.Load> loads() {
    var loads = new TreeMap<String, Jobs.Load>();
    for (var job : background.values()) {
      job.loads()
          .forEach(
              (queue, load) -> {
                if (load.taken() > 0) {
                  loads.put(queue, new Jobs.Load(load.underWay(), load.taken()));
                }
              });
    }
    return loads;
  }

  @Override
  public void want(int count, String job) {
    switch (job) {
      case MONITOR -> {
        if (count <= 1) {
          monitor.want(count);
        }
      }
      case Jobs.MASTER -> {
        if (count <= 1) {
          switchMaster(count == 1);
        }
      }
      case REQUESTS -> queue.allow(count);
      default -> wantInBackground(count, job);
    }
  }

  /** Starts or stops all background work of this tracker. */
  void switchMaster(boolean on) {
    synchronized (lock) {
      isMasterOn = on;
      background.forEach((name, job) -> job.want(on ? desired.getOrDefault(name, 0) : 0));
      behindMaster.forEach(crew -> crew.want(on ? 1 : 0));
    }
  }

  private void wantInBackground(int count, String name) {
    synchronized (lock) {
      var job = background.get(name);
      if (job != null) {
        desired.put(name, count);
        job.want(isMasterOn ? count : 0);
      }
    }
  }

  /**
   * Two messages mean something: {@code :wake_up}, and {@code :shutdown}, after which other workers
   * take the place of those that end, as many as are wanted. What else is said is taken and
   * dropped.
   */
  @Override
  public int send(String job, String message) {
    var staff = crews().get(job);
    switch (message) {
      case WAKE -> wake(job);
      case SHUTDOWN -> crewsOf(job).forEach(Crew::renew);
      default -> {}
    }
    return staff == null ? 0 : staff.workers().size();
  }

  @Override
  public void wake(String job) {
    crewsOf(job).forEach(Crew::wake);
  }

  private Stream<Crew> crewsOf(String name) {
    return switch (name) {
      case MONITOR -> Stream.of(monitor);
      case Jobs.MASTER -> behindMaster.stream();
      default -> {
        var job = background.get(name);
        yield job == null ? Stream.empty() : job.crews();
      }
    };
  }

  /** Stops all crews. */
  @Override
  public void close() {
    background.values().stream().flatMap(Job::crews).forEach(Crew::close);
    behindMaster.forEach(Crew::close);
    monitor.close();
  }
}
