package io.hayloft.tracker;

import io.hayloft.runtime.worker.Crew;
import io.hayloft.tracker.work.Workload;
import java.util.List;
import java.util.stream.Stream;

/**
 * A job as operators know it. The console shows and counts the workers of its crew and no others;
 * what else belongs to the job is done by crews behind it, which no operator hears of: each has one
 * loop for as long as the job is wanted at all.
 *
 * @param workers how many there are until an operator says otherwise
 * @param behind the crews that nobody sees
 * @param load what the crew has taken from its queue, if it has one
 */
record Job(Crew crew, int workers, List<Crew> behind, Workload load) {

  Job {
    behind = List.copyOf(behind);
  }

  static Job of(Crew crew, int workers) {
    return new Job(crew, workers, List.of(), new Workload());
  }

  Job with(Workload load) {
    return new Job(crew, workers, behind, load);
  }

  /** The same job with more crews behind it. */
  Job with(Crew... more) {
    return new Job(crew, workers, Stream.concat(behind.stream(), Stream.of(more)).toList(), load);
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
