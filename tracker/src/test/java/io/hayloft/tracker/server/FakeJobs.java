package io.hayloft.tracker.server;

import io.hayloft.tracker.command.Jobs;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Jobs without workers that do anything. */
final class FakeJobs implements Jobs {

  final List<String> sent = new ArrayList<>();
  final SortedMap<String, Load> loads = new TreeMap<>();
  private final SortedMap<String, Staff> crews = new TreeMap<>();

  FakeJobs() {
    crews.put("delete", new Staff(1, List.of(4L)));
    crews.put("monitor", new Staff(1, List.of(2L)));
    crews.put("replicate", new Staff(3, List.of(7L, 11L)));
  }

  @Override
  public SortedMap<String, Staff> crews() {
    return new TreeMap<>(crews);
  }

  @Override
  public SortedMap<String, Load> loads() {
    return new TreeMap<>(loads);
  }

  @Override
  public void want(int count, String job) {
    crews.computeIfPresent(job, (name, crew) -> new Staff(count, crew.workers()));
  }

  @Override
  public int send(String job, String message) {
    sent.add(job + " " + message);
    var crew = crews.get(job);
    return crew == null ? 0 : crew.workers().size();
  }

  @Override
  public void wake(String job) {}
}
