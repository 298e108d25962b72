package io.hayloft.tracker.plugin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Arguments;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.StoredFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several plugins, and what the tracker does not let any of them do. */
class PluginsTest {

  private static final ClusterView EMPTY =
      new ClusterView(Registry.EMPTY, Set.of(), Map.of(), new ClusterView.Defaults(100, 2));

  private static final DomainRequest REQUEST =
      new DomainRequest(
          Arguments.parse("key=k"),
          new Domain(new DomainId(1), "d"),
          new Caller("10.0.0.9", false),
          EMPTY);

  private final Tasks tasks = Tasks.virtual();

  @AfterEach
  void stop() {
    tasks.close();
  }

  private Plugins running(Hooks... hooks) {
    var running = new ArrayList<Plugins.Running>();
    for (var each : hooks) {
      running.add(new Plugins.Running("p" + running.size(), each));
    }
    return new Plugins(running, tasks, Time.system());
  }

  private static Hooks appending(String letter) {
    return new Hooks() {
      @Override
      public Opinion delete(DomainRequest request) {
        return Opinion.rewritten(request.with("key", request.text("key") + letter));
      }
    };
  }

  private static Device device(int id) {
    return new Device(new DeviceId(id), new HostId(id), DeviceStatus.ALIVE, 100, Optional.empty());
  }

  @Test
  void eachHearsWhatTheOneBeforeItMadeOfTheRequest() throws InterruptedException {
    var outcome = running(appending("a"), Hooks.NONE, appending("b")).ask(Occasion.DELETE, REQUEST);

    assertThat(outcome).isEqualTo(Opinion.rewritten(REQUEST.with("key", "kab")));
  }

  @Test
  void nobodyIsAskedAfterAVeto() throws InterruptedException {
    var asked = new ArrayList<String>();
    var vetoing =
        new Hooks() {
          @Override
          public Opinion delete(DomainRequest request) {
            return Opinion.veto("no");
          }
        };
    var listening =
        new Hooks() {
          @Override
          public Opinion delete(DomainRequest request) {
            asked.add(request.text("key"));
            return Opinion.none();
          }
        };

    assertThat(running(listening, vetoing, listening).ask(Occasion.DELETE, REQUEST))
        .isEqualTo(Opinion.veto("no"));
    assertThat(asked).containsExactly("k");
  }

  @Test
  void anOrderHoldsNothingThatWasNotOffered() throws InterruptedException {
    var stranger =
        new Hooks() {
          @Override
          public List<Device> orderForUpload(DomainRequest request, List<Device> devices) {
            return List.of(device(9), device(2), device(2), device(1));
          }
        };

    assertThat(running(stranger).orderForUpload(REQUEST, List.of(device(1), device(2), device(3))))
        .containsExactly(device(2), device(1));
  }

  /** The time of every call is over at once. */
  private static final class Hurried implements Tasks {

    private final List<Duration> limits = new ArrayList<>();

    @Override
    public <T> T within(Duration limit, Callable<T> call) throws TimeoutException {
      limits.add(limit);
      throw new TimeoutException();
    }

    @Override
    public Task start(String name, Body body) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T, R> List<R> forEach(
        Collection<T> items, int inFlight, Function<? super T, ? extends R> apply) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Executor executor(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  void whoDoesNotAnswerIsGivenUpWhileTheClientStillWaits() throws InterruptedException {
    var hurried = new Hurried();
    var plugins =
        new Plugins(List.of(new Plugins.Running("p", Hooks.NONE)), hurried, Time.system());
    var name = new StoredFile.Name(new DomainId(1), new Key("k"));
    var devices = List.of(device(1), device(2));

    assertThatThrownBy(() -> plugins.ask(Occasion.DELETE, REQUEST))
        .isInstanceOf(PluginFailure.class)
        .hasMessage("The plugin p does not answer");
    assertThat(plugins.keeps(REQUEST, new StoredFile(new Fid(1), name, 1, ClassId.DEFAULT, 1)))
        .isFalse();
    assertThat(plugins.orderForReading(REQUEST, devices)).isEqualTo(devices);
    assertThat(hurried.limits)
        .hasSize(3)
        .allSatisfy(limit -> assertThat(limit).isLessThan(Duration.ofSeconds(3)));
  }

  @Test
  void callsThatHangDoNotPileUp() {
    var hanging =
        new Hooks() {
          @Override
          public Map<String, PluginCommand> commands() {
            return Map.of(
                "nothing",
                request -> Reply.ok().build(),
                "hang",
                request -> {
                  waitUntilInterrupted();
                  return Reply.ok().build();
                });
          }
        };
    var commands = running(hanging).commands();
    var hang = requireNonNull(commands.get("plugin_hang"));
    var nothing = requireNonNull(commands.get("plugin_nothing"));
    for (int i = 0; i < Plugins.CALLS; i++) {
      tasks.start("caller", () -> hang.answer(REQUEST));
    }
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> nothing.answer(REQUEST))
                    .isInstanceOf(PluginFailure.class)
                    .hasMessageContaining("too busy"));
  }

  private static void waitUntilInterrupted() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void twoPluginsCannotHaveOneCommand() {
    var same =
        new Hooks() {
          @Override
          public Map<String, PluginCommand> commands() {
            return Map.of("say", request -> Reply.ok().build());
          }
        };

    assertThatThrownBy(() -> running(same, same).commands())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("say");
  }
}
