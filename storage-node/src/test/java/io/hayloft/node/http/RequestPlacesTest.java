package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestPlacesTest {

  private static final DeviceId HUNG = new DeviceId(1);
  private static final DeviceId WELL = new DeviceId(2);

  private final RequestPlaces.Lists lists = new RequestPlaces.Lists(1_000);
  private final RequestPlaces places = new RequestPlaces(4, lists);

  private RequestPlaces.Place enter() {
    return places.enter().orElseThrow();
  }

  @Test
  void aDiskThatHangsLeavesHalfOfThePlacesToOthers() {
    var first = enter();
    assertThat(first.claim(Set.of(HUNG))).isEmpty();
    assertThat(enter().claim(Set.of(HUNG, WELL))).isEmpty();

    var third = enter();
    assertThat(third.claim(Set.of(HUNG))).contains(HUNG);
    third.leave();
    var fourth = enter();
    assertThat(fourth.claim(Set.of(WELL, HUNG))).contains(HUNG);
    fourth.leave();

    assertThat(enter().claim(Set.of(WELL))).isEmpty();
    first.leave();
    assertThat(enter().claim(Set.of(HUNG))).isEmpty();
  }

  @Test
  void thereAreSoManyPlacesAndNoMore() {
    var all = IntStream.range(0, 4).mapToObj(_ -> enter()).toList();
    assertThat(places.enter()).isEmpty();
    assertThat(all.getFirst().claim(Set.of(WELL))).isEmpty();
    all.forEach(RequestPlaces.Place::leave);
    assertThat(places.disks()).isZero();
    assertThat(places.enter()).isPresent();
  }

  @Test
  void whatAllKindsHoldOfListsIsBounded() {
    var others = new RequestPlaces(4, lists);
    var one = enter();
    assertThat(one.hold(600)).isTrue();
    var two = others.enter().orElseThrow();
    assertThat(two.hold(401)).isFalse();
    assertThat(two.hold(400)).isTrue();
    one.leave();
    assertThat(two.hold(600)).isTrue();
    two.leave();
    assertThat(enter().hold(1_000)).isTrue();
  }
}
