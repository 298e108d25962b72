package io.hayloft.tracker.command;

import static io.hayloft.tracker.model.DeviceStatus.ALIVE;
import static io.hayloft.tracker.model.DeviceStatus.DOWN;
import static io.hayloft.tracker.model.DeviceStatus.DRAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.Place;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CandidatesTest {

  private final Drawing drawing =
      new Drawing()
          .with(1, ALIVE)
          .with(2, DRAIN)
          .with(3, ALIVE)
          .with(4, DOWN)
          .with(5, ALIVE, Reach.UNREACHABLE);

  private Candidates candidates(Integer... devices) {
    var view = drawing.view();
    var order =
        List.of(devices).stream()
            .map(number -> view.device(new io.hayloft.protocol.DeviceId(number)).orElseThrow())
            .toList();
    return Candidates.of(view, new Fid(17), order);
  }

  private static List<Integer> devices(List<Place> places) {
    return places.stream().map(place -> place.path().device().value()).toList();
  }

  /** Only these devices hold the file. */
  private static Candidates.Check good(Integer... good) {
    var set = Set.of(good);
    return places -> {
      for (int i = 0; i < places.size(); i++) {
        if (set.contains(places.get(i).path().device().value())) {
          return OptionalInt.of(i);
        }
      }
      return OptionalInt.empty();
    };
  }

  @Test
  void drainingDevicesComeLast() {
    assertThat(devices(candidates(2, 1, 3).unverified(5))).containsExactly(1, 3, 2);
    assertThat(devices(candidates(2, 1, 3).unverified(2))).containsExactly(1, 3);
  }

  @Test
  void replicasBeforeTheFirstGoodOneAreLeftOut() throws InterruptedException {
    assertThat(devices(candidates(1, 3).verified(2, good(3)))).containsExactly(3);
    assertThat(devices(candidates(1, 3, 2).verified(3, good(3, 2)))).containsExactly(3, 2);
    assertThat(devices(candidates(1, 3).verified(2, good(1)))).containsExactly(1, 3);
  }

  @Test
  void drainingDeviceIsTheFirstWhereNoOtherIsGood() throws InterruptedException {
    assertThat(devices(candidates(1, 2, 3).verified(2, good(2)))).containsExactly(2);
  }

  @Test
  void noneIsListedWhereNoneIsGood() throws InterruptedException {
    assertThat(candidates(1, 2, 3).verified(2, good())).isEmpty();
  }

  @Test
  void unreadableDeviceIsListedOnlyAsTheLastResort() throws InterruptedException {
    assertThat(devices(candidates(4, 1).unverified(2))).containsExactly(1);
    assertThat(devices(candidates(4, 5).unverified(2))).containsExactly(4);
    assertThat(devices(candidates(5, 1).verified(2, good()))).containsExactly(5);
  }
}
