package io.hayloft.tracker.command;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.tracker.plugin.PluginFailure;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UpkeepStores;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All commands of a tracker by their names, and the one place where whatever happens in a command
 * becomes a reply: a refusal, a database that is away, a defect. Exactly one reply per request.
 */
public final class Commands {

  private static final Logger log = LoggerFactory.getLogger(Commands.class);
  private static final String UNKNOWN = "unknown";

  private final Backend backend;
  private final World world;
  private final MeterRegistry meters;
  private final RepeatedCauses failures;
  private final Map<String, Command> table = new HashMap<>();

  /**
   * @param policies those that a class may keep its files by
   * @param outlook what background work would do for a file
   */
  public Commands(
      Backend backend,
      UpkeepStores upkeep,
      World world,
      ReplicationPolicies policies,
      Outlook outlook,
      MeterRegistry meters) {
    this.backend = backend;
    this.world = world;
    this.meters = meters;
    this.failures = new RepeatedCauses(log, world.time());
    var suspects = new Suspects(world.time());
    var refresh = new Refresh(backend.cluster(), world.tasks());
    var stores = backend.stores();
    List.of(
            new CareCommands(backend, world).table(),
            new UploadOpen(backend, world, suspects).table(),
            new UploadClose(backend, world, suspects, new Mincopies(world.copies())).table(),
            new PathLookup(backend, world, suspects).table(),
            new EditFile(backend, world, suspects).table(),
            new CopyCommand(backend).table(),
            new FileCommands(backend).table(),
            new ListCommands(stores.files()).table(),
            new DebugCommands(backend).table(),
            new HostCommands(stores.registry(), refresh).table(),
            new DeviceCommands(stores.registry(), upkeep.records(), refresh).table(),
            new DomainCommands(stores.registry(), refresh).table(),
            new ClassCommands(stores.registry(), refresh, policies).table(),
            new SettingCommands(stores.registry()).table(),
            new PluginCommands(backend.plugins()).table(),
            new WhyCommand(backend, upkeep.attempts(), outlook).table(),
            new RiskCommand(upkeep.insight(), upkeep.fsckRuns(), world).table(),
            new RemovalCommand(upkeep.insight(), policies, world.random()).table(),
            new SafetyCommands(backend, upkeep.records(), world, refresh).table(),
            new FsckCommands(upkeep.fsck(), backend.jobs(), world.hostname()).table(),
            new FsckRunCommands(upkeep.fsck(), upkeep.fsckRuns(), backend.jobs(), world.hostname())
                .table(),
            new RebalanceCommands(upkeep.rebalance(), world.hostname()).table(),
            new MoveCommands(upkeep.moves(), refresh).table())
        .forEach(this::add);
  }

  private void add(Map<String, Command> family) {
    family.forEach(
        (name, command) -> {
          if (table.put(name, command) != null) {
            throw new IllegalStateException("two commands are called " + name);
          }
        });
  }

  /** The names of all commands. */
  public Set<String> names() {
    return Set.copyOf(table.keySet());
  }

  /** Whether the answer needs neither I/O nor the cluster, so that it may be had in passing. */
  public boolean isInstant(String command) {
    return command.equals(CareCommands.NOOP) || !table.containsKey(command);
  }

  /**
   * The answer to a request; never fails for anything but an interrupt.
   *
   * @param clientIp decides which of a host's addresses the client is told
   */
  public Reply answer(Request request, String clientIp) throws InterruptedException {
    long started = world.time().nanoTime();
    var command = table.get(request.command());
    var reply =
        command == null
            ? Reply.err(ErrorCode.UNKNOWN_COMMAND)
            : attempt(request, command, clientIp);
    timer(command == null ? UNKNOWN : request.command(), reply)
        .record(world.time().nanoTime() - started, TimeUnit.NANOSECONDS);
    return reply;
  }

  private Reply attempt(Request request, Command command, String clientIp)
      throws InterruptedException {
    try {
      return command.answer(new Call(request.arguments(), clientIp, backend.cluster()));
    } catch (Refused refused) {
      return refused.reply();
    } catch (StoreException e) {
      return storeFailure(request.command(), e);
    } catch (PluginFailure logged) {
      return pluginFailure(request.command(), logged);
    } catch (RuntimeException e) {
      failures.warn("cannot answer " + request.command(), e.toString(), e);
      return Reply.err(ErrorCode.FAILURE);
    }
  }

  /** A database that is down fails every request: a line a minute says as much as one for each. */
  private Reply storeFailure(String command, StoreException e) {
    return switch (e.why()) {
      case DUPLICATE -> Reply.err(ErrorCode.DUP);
      case UNAVAILABLE -> {
        failures.warn("the database is away", command + ": " + firstLine(e));
        yield Reply.err(ErrorCode.DB);
      }
      case CONFLICT -> {
        failures.warn("lost against other transactions", command + ": " + firstLine(e));
        yield Reply.err(ErrorCode.DB);
      }
      case BROKEN -> {
        failures.warn("the database refused a statement", command + ": " + firstLine(e), e);
        yield Reply.err(ErrorCode.FAILURE);
      }
    };
  }

  /** Where an upload begins, the original tells clients what a plugin died of. */
  private static Reply pluginFailure(String command, PluginFailure failure) {
    return command.equals(UploadOpen.NAME)
        ? Reply.err(ErrorCode.PLUGIN_ABORTED, String.valueOf(failure.getMessage()))
        : Reply.err(ErrorCode.FAILURE);
  }

  private static String firstLine(StoreException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private Timer timer(String command, Reply reply) {
    var outcome =
        switch (reply) {
          case Reply.Ok ok -> "ok";
          case Reply.Err err -> err.code();
        };
    return meters.timer("hayloft.tracker.request", "command", command, "outcome", outcome);
  }
}
