package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.store.InsightStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CopyCountTest {

  private static final DomainId DOMAIN = new DomainId(1);

  private final Tasks tasks = Tasks.virtual();
  private final ManualTime time = ManualTime.start();
  private final Drawing drawing = new Drawing().with(1, DeviceStatus.ALIVE);

  @AfterEach
  void stop() {
    tasks.close();
  }

  /** So many files with one copy each on every device that is named, and a price for counting. */
  private final class Files implements InsightStore {
    private final long last;
    private final Duration price;
    private final List<Span> asked = new ArrayList<>();

    Files(long last, Duration price) {
      this.last = last;
      this.price = price;
    }

    @Override
    public Optional<Span> files() {
      return last == 0 ? Optional.empty() : Optional.of(new Span(1, last));
    }

    @Override
    public List<Tally> tally(Span span, Collection<DeviceId> live) {
      asked.add(span);
      time.advance(price);
      return List.of(
          new Tally(DOMAIN, ClassId.DEFAULT, live.size(), span.last() - span.first() + 1));
    }

    @Override
    public List<Depth> queues() {
      return List.of();
    }

    @Override
    public List<Held> filesOn(DeviceId device, long after, int limit) {
      return List.of();
    }
  }

  private CopyCount counting(Files files) {
    return new CopyCount(
        files, new World(tasks, time, new Random(1), "here", DurableCopies.NONE, Places.ENDLESS));
  }

  @Test
  void fewFilesAreAllCounted() {
    var result = counting(new Files(10_001, Duration.ofMillis(1))).count(drawing.view());

    assertThat(result.orElseThrow().isComplete()).isTrue();
    assertThat(result.orElseThrow().classes())
        .containsExactly(new CopyCount.OfClass(DOMAIN, ClassId.DEFAULT, Map.of(1, 10_001L)));
  }

  @Test
  void manyFilesAreASampleOfTheTimeThereIs() {
    var files = new Files(1_000_000_000, Duration.ofMillis(20));
    var result = counting(files).count(drawing.view()).orElseThrow();

    assertThat(result.isComplete()).isFalse();
    assertThat(files.asked).hasSize(100).doesNotHaveDuplicates();
    assertThat(result.share()).isEqualTo(100 / 500_000.0);
    assertThat(files.asked.stream().mapToLong(InsightStore.Span::first).average().orElseThrow())
        .isBetween(4e8, 6e8);
  }

  @Test
  void whoAsksSoonAfterIsToldTheSameUnlessADeviceCameOrWent() {
    var files = new Files(10, Duration.ZERO);
    var count = counting(files);
    assertThat(count.count(drawing.view())).isEqualTo(count.count(drawing.view()));
    assertThat(files.asked).hasSize(1);

    assertThat(count.count(drawing.with(2, DeviceStatus.ALIVE).view()).orElseThrow().classes())
        .containsExactly(new CopyCount.OfClass(DOMAIN, ClassId.DEFAULT, Map.of(2, 10L)));
    time.advance(CopyCount.FRESH);
    count.count(drawing.with(3, DeviceStatus.ALIVE, Reach.UNREACHABLE).view());
    assertThat(files.asked).hasSize(3);
  }

  @Test
  void withoutFilesNothingIsCounted() {
    var result = counting(new Files(0, Duration.ZERO)).count(drawing.view()).orElseThrow();
    assertThat(result.isComplete()).isTrue();
    assertThat(result.classes()).isEmpty();
  }
}
