package io.hayloft.tracker.command;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The replicas of one file that a client may be told of, each list best first.
 *
 * @param usual on devices that are as they should be
 * @param draining on devices that are to be emptied; told of when the usual ones are too few
 * @param lastResort one that should not be read now, for when nothing else is left
 */
record Candidates(List<Place> usual, List<Place> draining, Optional<Place> lastResort) {

  /** Finds the first of several replicas that is all there; empty when none is. */
  @FunctionalInterface
  interface Check {
    OptionalInt first(List<Place> places) throws InterruptedException;
  }

  static Candidates of(ClusterView view, Fid fid, List<Device> order) {
    var usual = new ArrayList<Place>();
    var draining = new ArrayList<Place>();
    var unreadable = new ArrayList<Place>();
    for (var device : order) {
      var list =
          !view.shouldRead(device)
              ? unreadable
              : device.status() == DeviceStatus.DRAIN ? draining : usual;
      view.host(device.host()).ifPresent(host -> list.add(Place.of(host, device.id(), fid)));
    }
    return new Candidates(usual, draining, unreadable.stream().findFirst());
  }

  /** All that can be read now, as they come. */
  List<Place> readable() {
    return Stream.concat(usual.stream(), draining.stream()).toList();
  }

  /** Up to so many places as they come. */
  List<Place> unverified(long most) {
    return orLastResort(
        draining.isEmpty() && usual.size() <= most
            ? usual
            : Stream.concat(usual.stream(), draining.stream()).limit(most).toList());
  }

  /** Up to so many places, the first of which has passed the check; those before it have not. */
  List<Place> verified(long most, Check check) throws InterruptedException {
    var first = check.first(usual);
    if (first.isPresent()) {
      var good = usual.subList(first.getAsInt(), usual.size());
      return Stream.concat(good.stream(), draining.stream()).limit(most).toList();
    }
    first = check.first(draining);
    return first.isPresent()
        ? draining.subList(first.getAsInt(), draining.size()).stream().limit(most).toList()
        : orLastResort(List.of());
  }

  private List<Place> orLastResort(List<Place> places) {
    return places.isEmpty() ? lastResort.stream().toList() : places;
  }
}
