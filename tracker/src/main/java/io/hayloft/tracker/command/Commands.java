package io.hayloft.tracker.command;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.tracker.plugin.PluginFailure;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UpkeepStores;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All commands of a tracker by their names, and the one place where whatever happens in a command
 * becomes a reply: a refusal, a database that is away, a defect. Exactly one reply per request.
 */
public final class Commands {

  private static final Logger log = LoggerFactory.getLogger(Commands.class);

  private static final Set<String> LOOK_UPS =
      Set.of("get_paths", "file_info", "get_domains", "get_hosts", "get_devices");

  private final Backend backend;
  private final World world;
  private final MeterRegistry meters;
  private final RepeatedCauses failures;
  private final Map<String, Known> table = new HashMap<>();
  private final CommandTimes unknown;
  private final SlowRequests slow;

  private record Known(Command command, Optional<Glance> glance, CommandTimes times) {}

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
      Measuring measuring) {
    this.backend = backend;
    this.world = world;
    this.meters = measuring.meters();
    this.slow = new SlowRequests(measuring.slow(), world.time());
    this.unknown = new CommandTimes("unknown", meters);
    this.failures = new RepeatedCauses(log, world.time());
    var suspects = new Suspects(world.time());
    var refresh = new Refresh(backend.cluster(), world.tasks());
    var stores = backend.stores();
    var care = new CareCommands(backend, world);
    var paths = new PathLookup(backend, world, suspects);
    List.of(
            care.table(),
            new UploadOpen(backend, world, suspects).table(),
            new UploadClose(backend, world, suspects, new Mincopies(world.copies())).table(),
            paths.table(),
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
    care.glances().forEach(this::add);
    paths.glances().forEach(this::add);
  }

  private void add(Map<String, Command> family) {
    family.forEach(
        (name, command) -> {
          var known = new Known(command, Optional.empty(), new CommandTimes(name, meters));
          if (table.put(name, known) != null) {
            throw new IllegalStateException("two commands are called " + name);
          }
        });
  }

  private void add(String name, Glance glance) {
    table.computeIfPresent(
        name, (_, known) -> new Known(known.command(), Optional.of(glance), known.times()));
  }

  /**
   * Whether a command asks for what others than the primary may know: a memory, a replica, the view
   * of the cluster. It can be answered, then, while all that needs the primary waits for it.
   */
  public boolean isLookUp(String command) {
    return LOOK_UPS.contains(command);
  }

  /** The names of all commands. */
  public Set<String> names() {
    return Set.copyOf(table.keySet());
  }

  /**
   * The answer to a request that can be answered in passing, on a thread that must not wait; empty
   * when it cannot, and then {@link #answer} is to be asked.
   */
  public Optional<Reply> answerInPassing(Request request, String clientIp) {
    long started = world.time().nanoTime();
    Optional<Reply> reply;
    var known = table.get(request.command());
    if (known == null) {
      reply = Optional.of(Reply.err(ErrorCode.UNKNOWN_COMMAND));
    } else if (known.glance().isEmpty()) {
      return Optional.empty();
    } else {
      reply = attempt(known.glance().get(), request, clientIp);
    }
    reply.ifPresent(it -> (known == null ? unknown : known.times()).record(it, elapsed(started)));
    return reply;
  }

  /** What goes wrong here goes wrong again, and is seen to, where there is time for it. */
  private Optional<Reply> attempt(Glance glance, Request request, String clientIp) {
    try {
      return glance.answer(new Call(request.arguments(), clientIp, backend.cluster()));
    } catch (RuntimeException e) {
      log.debug("not to be answered in passing: {}", request.command(), e);
      return Optional.empty();
    }
  }

  private long elapsed(long started) {
    return world.time().nanoTime() - started;
  }

  /**
   * The answer to a request; never fails for anything but an interrupt.
   *
   * @param clientIp decides which of a host's addresses the client is told
   * @param queued the nanoseconds that the request has waited for its turn
   */
  public Reply answer(Request request, String clientIp, long queued) throws InterruptedException {
    long started = world.time().nanoTime();
    var known = table.get(request.command());
    if (known == null) {
      var refusal = Reply.err(ErrorCode.UNKNOWN_COMMAND);
      unknown.record(refusal, elapsed(started));
      return refusal;
    }
    var event = new RequestEvent();
    event.begin();
    var phases = new Phases(world.time());
    var reply = phases.during(() -> attempt(request, known.command(), clientIp));
    long took = elapsed(started);
    known.times().record(reply, took, phases);
    slow.ended(request, queued, took, phases);
    tell(event, request, reply, queued, phases);
    return reply;
  }

  private static void tell(
      RequestEvent event, Request request, Reply reply, long queued, Phases phases) {
    if (event.shouldCommit()) {
      event.command = request.command();
      event.outcome = CommandTimes.outcome(reply);
      event.queued = queued;
      event.database = phases.nanos(Phase.DATABASE);
      event.nodes = phases.nanos(Phase.NODES);
      event.copies = phases.nanos(Phase.COPIES);
      event.commit();
    }
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
}
