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
import java.util.function.Consumer;
import java.util.function.Supplier;
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

  private record Known(
      Command command, Optional<Glance> glance, Optional<Errand> errand, CommandTimes times) {}

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
    var files = new FileCommands(backend);
    var lists = new ListCommands(stores.files());
    var opening = new UploadOpen(backend, world, suspects);
    var closing = new UploadClose(backend, world, suspects, new Mincopies(world.copies()));
    List.of(
            care.table(),
            opening.table(),
            closing.table(),
            paths.table(),
            new EditFile(backend, world, suspects).table(),
            new CopyCommand(backend).table(),
            files.table(),
            lists.table(),
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
    paths.errands().forEach(this::add);
    files.errands().forEach(this::add);
    lists.errands().forEach(this::add);
    opening.errands().forEach(this::add);
    closing.errands().forEach(this::add);
  }

  private void add(Map<String, Command> family) {
    family.forEach(
        (name, command) -> {
          var times = new CommandTimes(name, meters);
          var known = new Known(command, Optional.empty(), Optional.empty(), times);
          if (table.put(name, known) != null) {
            throw new IllegalStateException("two commands are called " + name);
          }
        });
  }

  private void add(String name, Glance glance) {
    table.computeIfPresent(
        name,
        (_, known) ->
            new Known(known.command(), Optional.of(glance), known.errand(), known.times()));
  }

  private void add(String name, Errand errand) {
    table.computeIfPresent(
        name,
        (_, known) ->
            new Known(known.command(), known.glance(), Optional.of(errand), known.times()));
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
    var known = table.get(request.command());
    if (known == null) {
      var refusal = Reply.err(ErrorCode.UNKNOWN_COMMAND);
      unknown.record(refusal, 0);
      return refusal;
    }
    var asked = new Asked(known, request, queued);
    var call = new Call(request.arguments(), clientIp, backend.cluster());
    var reply = asked.phases.during(() -> attempt(known, request, call));
    asked.answered(reply);
    return reply;
  }

  private Reply attempt(Known known, Request request, Call call) throws InterruptedException {
    Attempt<InterruptedException> attempt = () -> Optional.of(known.command().answer(call));
    return attempt(request.command(), attempt).orElseThrow();
  }

  /**
   * Begins to answer a request for which no thread has to wait.
   *
   * @param clientIp decides which of a host's addresses the client is told
   * @param queued the nanoseconds that the request has waited for its turn
   * @param then hears the answer, on a thread that it must not keep waiting; or none, and then
   *     {@link #answer} is to be asked after all
   * @return false when {@link #answer} is to be asked: then nothing is heard
   */
  public boolean begin(
      Request request, String clientIp, long queued, Consumer<Optional<Reply>> then) {
    var known = table.get(request.command());
    if (known == null || known.errand().isEmpty()) {
      return false;
    }
    var asked = new Asked(known, request, queued);
    var call = new Call(request.arguments(), clientIp, backend.cluster());
    try {
      return known.errand().get().begin(call, asked.telling(then));
    } catch (RuntimeException e) {
      log.debug("not to be begun: {}", request.command(), e);
      return false;
    }
  }

  /** A request that is being answered, and what that takes. */
  private final class Asked {

    private final Known known;
    private final Request request;
    private final long queued;
    private final long started = world.time().nanoTime();
    private final Phases phases = new Phases(world.time());
    private final RequestEvent event = new RequestEvent();

    Asked(Known known, Request request, long queued) {
      this.known = known;
      this.request = request;
      this.queued = queued;
      event.begin();
    }

    /** Tells what it comes to after it was begun; until then the database is waited for first. */
    private Errand.Then telling(Consumer<Optional<Reply>> then) {
      return new Errand.Then() {

        private Phase phase = Phase.DATABASE;
        private long since = started;

        @Override
        public void waitsFor(Phase next) {
          long now = world.time().nanoTime();
          phases.waited(phase, now - since);
          phase = next;
          since = now;
        }

        @Override
        public void hear(Supplier<Optional<Reply>> outcome) {
          phases.waited(phase, elapsed(since));
          var reply = attempt(request.command(), outcome::get);
          reply.ifPresent(Asked.this::answered);
          then.accept(reply);
        }
      };
    }

    private void answered(Reply reply) {
      long took = elapsed(started);
      known.times().record(reply, took, phases);
      slow.ended(request, queued, took, phases);
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
  }

  /** Whatever makes a reply; none where more has to be waited for. */
  private interface Attempt<X extends Exception> {
    Optional<Reply> make() throws X;
  }

  private <X extends Exception> Optional<Reply> attempt(String command, Attempt<X> attempt)
      throws X {
    try {
      return attempt.make();
    } catch (Refused refused) {
      return Optional.of(refused.reply());
    } catch (StoreException e) {
      return Optional.of(storeFailure(command, e));
    } catch (PluginFailure logged) {
      return Optional.of(pluginFailure(command, logged));
    } catch (RuntimeException e) {
      failures.warn("cannot answer " + command, e.toString(), e);
      return Optional.of(Reply.err(ErrorCode.FAILURE));
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
      case BUSY -> Reply.err(ErrorCode.BUSY);
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
