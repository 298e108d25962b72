package io.hayloft.tracker;

import io.hayloft.runtime.worker.Crew;
import io.hayloft.tracker.work.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A job as operators know it. The console shows and counts the workers of its crew and no others;
 * what else belongs to the job is done by crews behind it, which no operator hears of: each has one
 * loop for as long as the job is wanted at all.
 *
 * @param workers how many there are until an operator says otherwise
 * @param behind the crews that nobody sees
 * @param loads what its crews have taken from queues, by what operators call these
 */
record Job(Crew crew, int workers, List<Crew> behind, Map<String, Workload> loads) {

  Job {
    behind = List.copyOf(behind);
    loads = Map.copyOf(loads);
  }

  static Job of(Crew crew, int workers) {
    return new Job(crew, workers, List.of(), Map.of());
  }

  /** The same job with the load of a queue that is called as it is. */
  Job with(Workload load) {
    return with(name(), load);
  }

  Job with(String queue, Workload load) {
    var more = new HashMap<>(loads);
    more.put(queue, load);
    return new Job(crew, workers, behind, more);
  }

  /** The same job with more crews behind it. */
  Job with(Crew... more) {
    return new Job(crew, workers, Stream.concat(behind.stream(), Stream.of(more)).toList(), loads);
  }

  String name() {
    return crew.job();
  }

  Stream<Crew> crews() {
    return Stream.concat(Stream.of(crew), behind.stream());
  }

  void want(int count) {
    crew.want(count);
    behind.forEach(each -> each.want(Math.min(1, count)));
  }
}
