package io.hayloft.tracker.plugin;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of a running tracker, asked one after the other. This is where the tracker is kept
 * safe from them: each call has a limit of time, what it throws is logged with those like it, and
 * an order can only contain what it was made of.
 *
 * <p>Where a request cannot go on without an answer a failure is thrown; where the tracker has an
 * answer of its own, as for an order, it uses that.
 */
public final class Plugins implements CopySources {

  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  /** A client waits for three seconds. */
  private static final Duration HOOK = Duration.ofSeconds(2);

  private static final Duration COMMAND = Duration.ofSeconds(20);

  /** Of one plugin at a time. */
  static final int CALLS = 512;

  private final List<Running> running;
  private final Tasks tasks;
  private final RepeatedCauses failures;

  /**
   * @param calls what limits how many calls are under way: those that hang must not pile up
   */
  record Running(String name, Hooks hooks, Semaphore calls) {

    Running(String name, Hooks hooks) {
      this(name, hooks, new Semaphore(CALLS));
    }
  }

  Plugins(List<Running> running, Tasks tasks, Time time) {
    this.running = List.copyOf(running);
    this.tasks = tasks;
    this.failures = new RepeatedCauses(log, time);
  }

  /** Starts them in this order. */
  public static Plugins start(List<Plugin> plugins, Ground ground, Tasks tasks) {
    var running = new ArrayList<Running>();
    for (var plugin : plugins) {
      running.add(new Running(plugin.name(), plugin.start(ground)));
      log.info("plugin {}", plugin.name());
    }
    return new Plugins(running, tasks, ground.time());
  }

  /** Whether there is nobody to ask. */
  public boolean areNone() {
    return running.isEmpty();
  }

  /** For a tracker without any. */
  public static Plugins none(Tasks tasks, Time time) {
    return new Plugins(List.of(), tasks, time);
  }

  /**
   * What becomes of a request: {@link Opinion.None} when it goes on as it is.
   *
   * @throws PluginFailure when one fails
   * @throws StoreException when one finds that the database fails
   */
  public Opinion ask(Occasion occasion, DomainRequest request) throws InterruptedException {
    Opinion outcome = Opinion.none();
    var now = request;
    for (var plugin : running) {
      var asked = now;
      var opinion = call(plugin, occasion.name(), HOOK, () -> occasion.ask(plugin.hooks(), asked));
      switch (opinion) {
        case Opinion.None() -> {}
        case Opinion.Veto _ -> {
          return opinion;
        }
        case Opinion.Rewritten(var newer) -> {
          now = newer;
          outcome = opinion;
        }
      }
    }
    return outcome;
  }

  /** Whether a file that was just stored stays; a plugin that fails does not want it. */
  public boolean keeps(DomainRequest request, StoredFile file) throws InterruptedException {
    for (var plugin : running) {
      if (!callOr(false, plugin, "file stored", () -> plugin.hooks().fileStored(request, file))) {
        return false;
      }
    }
    return true;
  }

  /** Tells that a file was deleted; no failure can bring it back. */
  public void deleted(DomainRequest request) throws InterruptedException {
    for (var plugin : running) {
      callOr(
          true,
          plugin,
          "file deleted",
          () -> {
            plugin.hooks().fileDeleted(request);
            return true;
          });
    }
  }

  public List<Device> orderForUpload(DomainRequest request, List<Device> devices)
      throws InterruptedException {
    return order("upload", devices, (hooks, now) -> hooks.orderForUpload(request, now));
  }

  public List<Device> orderForReading(DomainRequest request, List<Device> devices)
      throws InterruptedException {
    return order("reading", devices, (hooks, now) -> hooks.orderForReading(request, now));
  }

  @Override
  public List<Device> orderSources(StoredFile file, List<Device> sources, ClusterView cluster)
      throws InterruptedException {
    return order("copying", sources, (hooks, now) -> hooks.orderSources(file, now, cluster));
  }

  /** The first way that a plugin knows. */
  @Override
  public Optional<HostAddresses> alternateSource(
      StoredFile file, Device source, ClusterView cluster) throws InterruptedException {
    for (var plugin : running) {
      var way =
          callOr(
              Optional.<HostAddresses>empty(),
              plugin,
              "alternate source",
              () -> plugin.hooks().alternateSource(file, source, cluster));
      if (way.isPresent()) {
        return way;
      }
    }
    return Optional.empty();
  }

  private List<Device> order(
      String what, List<Device> devices, BiFunction<Hooks, List<Device>, List<Device>> question)
      throws InterruptedException {
    var now = devices;
    for (var plugin : running) {
      var given = now;
      now =
          callOr(
              given,
              plugin,
              "order for " + what,
              () -> onlyOf(given, question.apply(plugin.hooks(), given)));
    }
    return now;
  }

  private static List<Device> onlyOf(List<Device> given, List<Device> wanted) {
    var known = new HashSet<>(given);
    return wanted.stream().distinct().filter(known::contains).toList();
  }

  /** A command by its name on the wire. */
  @FunctionalInterface
  public interface Answering {
    Reply answer(DomainRequest request) throws InterruptedException;
  }

  /**
   * The commands of all plugins, called as on the wire.
   *
   * @throws IllegalStateException when two have the same name
   */
  public Map<String, Answering> commands() {
    var all = new HashMap<String, Answering>();
    for (var plugin : running) {
      plugin
          .hooks()
          .commands()
          .forEach(
              (name, command) -> {
                Answering answering =
                    request -> call(plugin, name, COMMAND, () -> command.answer(request));
                if (all.put("plugin_" + name, answering) != null) {
                  throw new IllegalStateException("two plugins have a command " + name);
                }
              });
    }
    return all;
  }

  /** For questions that the tracker has an answer to itself. */
  private <T> T callOr(T otherwise, Running plugin, String question, Callable<T> hook)
      throws InterruptedException {
    try {
      return call(plugin, question, HOOK, hook);
    } catch (PluginFailure logged) {
      return otherwise;
    } catch (StoreException e) {
      failures.warn("plugin " + plugin.name() + ": " + question, e.toString());
      return otherwise;
    }
  }

  private <T> T call(Running plugin, String question, Duration limit, Callable<T> hook)
      throws InterruptedException {
    var what = "plugin " + plugin.name() + ": " + question;
    if (!plugin.calls().tryAcquire()) {
      failures.warn(what, "too many calls at once");
      throw new PluginFailure("The plugin " + plugin.name() + " is too busy", null);
    }
    try {
      return tasks.within(limit, () -> counted(plugin, hook));
    } catch (InterruptedException | StoreException e) {
      throw e;
    } catch (RejectedExecutionException e) {
      plugin.calls().release();
      throw new PluginFailure("The tracker is about to stop", e);
    } catch (TimeoutException e) {
      failures.warn(what, "no answer within " + limit.toSeconds() + " s");
      throw new PluginFailure("The plugin " + plugin.name() + " does not answer", e);
    } catch (Exception e) {
      failures.warn(what, e.toString(), e);
      throw new PluginFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** The call counts until it really ends, which may be long after it was given up. */
  private static <T> T counted(Running plugin, Callable<T> hook) throws Exception {
    try {
      return hook.call();
    } finally {
      plugin.calls().release();
    }
  }
}
