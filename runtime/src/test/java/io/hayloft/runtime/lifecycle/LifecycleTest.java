package io.hayloft.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifecycleTest {

  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
  private final Lifecycle lifecycle = new Lifecycle(Time.system(), Duration.ofSeconds(10));

  private AutoCloseable part(String name) {
    seen.add("+" + name);
    return () -> seen.add("-" + name);
  }

  @Test
  void partsAreClosedInReverse() throws Exception {
    lifecycle.start("a", () -> part("a"));
    lifecycle.start("b", () -> part("b"));

    lifecycle.close();
    lifecycle.close();

    assertThat(seen).containsExactly("+a", "+b", "-b", "-a");
    assertThat(lifecycle.isClosing()).isTrue();
  }

  @Test
  void aPartThatDoesNotStartEndsThoseBeforeIt() throws Exception {
    lifecycle.start("a", () -> part("a"));

    assertThatThrownBy(
            () ->
                lifecycle.start(
                    "b",
                    () -> {
                      throw new IOException("in use");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("in use");

    assertThat(seen).containsExactly("+a", "-a");
  }

  @Test
  void aPartThatFailsToCloseDoesNotKeepTheOthers() throws Exception {
    lifecycle.start("a", () -> part("a"));
    lifecycle.add(
        "b",
        () -> {
          throw new IOException("on purpose");
        });
    lifecycle.start("c", () -> part("c"));

    assertThat(lifecycle.closeAll()).containsExactly("b");
    assertThat(seen).containsExactly("+a", "+c", "-c", "-a");
  }

  @Test
  void aPartThatHangsIsLeftBehind() throws Exception {
    var never = new CountDownLatch(1);
    var impatient = new Lifecycle(Time.system(), Duration.ofMillis(50));
    impatient.start("a", () -> part("a"));
    impatient.add("b", never::await);

    assertThat(impatient.closeAll()).containsExactly("b");
    assertThat(seen).containsExactly("+a", "-a");
  }

  @Test
  void aPartThatComesTooLateIsClosedAtOnce() {
    lifecycle.close();

    assertThatThrownBy(() -> lifecycle.start("late", () -> part("late")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(List.copyOf(seen)).containsExactly("+late", "-late");
  }
}
