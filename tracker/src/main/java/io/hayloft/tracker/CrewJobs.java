package io.hayloft.tracker;

import io.hayloft.runtime.worker.Crew;
import io.hayloft.tracker.command.Jobs;
import io.hayloft.tracker.server.RequestQueue;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The crews of this tracker as its console shows and sets them. Two entries are no crews: {@code
 * queryworker} stands for how many requests are answered at a time, and {@code job_master}, which
 * is on or off, for whether there is background work at all.
 */
final class CrewJobs implements Jobs, AutoCloseable {

  private static final String REQUESTS = "queryworker";
  private static final String MASTER = "job_master";
  private static final String MONITOR = "monitor";
  private static final String WAKE = ":wake_up";

  private final Crew monitor;
  private final Map<String, Crew> background;
  private final RequestQueue queue;

  private final Object lock = new Object();
  private final Map<String, Integer> desired = new TreeMap<>();
  private boolean isMasterOn;

  /**
   * @param background crews by job, which nobody has started yet
   * @param counts how many workers each job has while there is background work
   */
  CrewJobs(
      Crew monitor, Map<String, Crew> background, Map<String, Integer> counts, RequestQueue queue) {
    if (!background.keySet().equals(counts.keySet())) {
      throw new IllegalArgumentException("jobs " + background.keySet() + ", counts " + counts);
    }
    this.monitor = monitor;
    this.background = new TreeMap<>(background);
    this.queue = queue;
    this.desired.putAll(counts);
  }

  @Override
  public SortedMap<String, Jobs.Staff> crews() {
    var crews = new TreeMap<String, Jobs.Staff>();
    synchronized (lock) {
      background.forEach(
          (job, crew) ->
              crews.put(job, new Jobs.Staff(desired.getOrDefault(job, 0), crew.running())));
      crews.put(MASTER, new Jobs.Staff(isMasterOn ? 1 : 0, isMasterOn ? List.of(1L) : List.of()));
    }
    crews.put(MONITOR, new Jobs.Staff(monitor.desired(), monitor.running()));
    int requests = queue.allowed();
    crews.put(
        REQUESTS, new Jobs.Staff(requests, LongStream.rangeClosed(1, requests).boxed().toList()));
    return crews;
  }

  @Override
  public void want(int count, String job) {
    switch (job) {
      case MONITOR -> {
        if (count <= 1) {
          monitor.want(count);
        }
      }
      case MASTER -> {
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
      background.forEach((job, crew) -> crew.want(on ? desired.getOrDefault(job, 0) : 0));
    }
  }

  private void wantInBackground(int count, String job) {
    synchronized (lock) {
      var crew = background.get(job);
      if (crew != null) {
        desired.put(job, count);
        crew.want(isMasterOn ? count : 0);
      }
    }
  }

  /** Only {@code :wake_up} means anything to our workers; other messages are taken and dropped. */
  @Override
  public int send(String job, String message) {
    var crew = crews().get(job);
    if (message.equals(WAKE)) {
      wake(job);
    }
    return crew == null ? 0 : crew.workers().size();
  }

  @Override
  public void wake(String job) {
    var crew = job.equals(MONITOR) ? monitor : background.get(job);
    if (crew != null) {
      crew.wake();
    }
  }

  /** Stops all crews. */
  @Override
  public void close() {
    background.values().forEach(Crew::close);
    monitor.close();
  }
}
