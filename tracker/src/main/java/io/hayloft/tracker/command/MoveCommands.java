package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.CLASS_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.HOST_MISMATCH;
import static io.hayloft.protocol.ErrorCode.INVALID_STATE;
import static io.hayloft.protocol.ErrorCode.MOVE_OVER;
import static io.hayloft.protocol.ErrorCode.MOVE_RUNNING;
import static io.hayloft.protocol.ErrorCode.NO_DEVICE;
import static io.hayloft.protocol.ErrorCode.NO_MOVE;
import static io.hayloft.protocol.ErrorCode.REBAL_RUNNING;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.policy.EvenPlan;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.MoveJob.Kind;
import io.hayloft.tracker.store.MoveJob.Scope;
import io.hayloft.tracker.store.MoveJob.Terms;
import io.hayloft.tracker.store.MoveJobStore;
import io.hayloft.tracker.store.MoveJobStore.Start;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Commands about the jobs that move files: levelling all devices, emptying one. The original has
 * none of them; what they start, workers do.
 */
final class MoveCommands {

  private static final String USUAL_THRESHOLD = "2";
  private static final int LISTED = 20;
  private static final long MOST_COUNTED = 10_000_000;
  private static final int SAMPLE = 10_000;
  private static final double PERCENT = 100;

  private final MoveJobStore store;
  private final Refresh refresh;

  MoveCommands(MoveJobStore store, Refresh refresh) {
    this.store = store;
    this.refresh = refresh;
  }

  Map<String, Command> table() {
    return Map.of(
        "hayloft_move_start", this::start,
        "hayloft_move_plan", this::plan,
        "hayloft_move_status", this::status,
        "hayloft_move_pause", this::pause,
        "hayloft_move_resume", this::resume,
        "hayloft_move_limit", this::limit,
        "hayloft_move_stop", this::stop);
  }

  private Reply start(Call call) throws InterruptedException {
    return switch (store.start(terms(call))) {
      case Start.Started(var job) -> {
        refresh.devices();
        yield Reply.ok().with("job", job.id()).build();
      }
      case Start.Running(var id) -> Reply.err(MOVE_RUNNING, "job " + id + " does that already");
      case Start.RebalanceRunning() ->
          Reply.err(REBAL_RUNNING, "a rebalance by policy is moving these files; stop it first");
      case Start.NoDevice() -> Reply.err(NO_DEVICE);
      case Start.Unusable(var status) ->
          Reply.err(
              INVALID_STATE,
              "the device is %s: nothing can be read from it or removed".formatted(status.wire()));
    };
  }

  private static Terms terms(Call call) {
    long rate = number(call, "rate", "0").longValue();
    return switch (Kind.named(call.text("kind")).orElseThrow(() -> bad("kind: even or drain"))) {
      case DRAIN -> Terms.drain(device(call).id(), rate);
      case EVEN -> {
        double threshold = number(call, "threshold", USUAL_THRESHOLD).doubleValue();
        if (threshold < 0.1 || threshold > PERCENT) {
          throw bad("threshold: a percentage from 0.1 to 100");
        }
        yield Terms.even(threshold, rate, scope(call));
      }
    };
  }

  private static Refused bad(String reason) {
    return new Refused(BAD_PARAMS, reason);
  }

  private static Number number(Call call, String argument, String usual) {
    var text = call.text(argument).isEmpty() ? usual : call.text(argument);
    if (!text.matches("[0-9]{1,15}(\\.[0-9]{1,3})?")) {
      throw bad(argument + ": a number, not " + text);
    }
    return Double.valueOf(text);
  }

  private static Device device(Call call) {
    var device =
        call.device("device")
            .flatMap(id -> call.fresh().device(id))
            .orElseThrow(() -> new Refused(NO_DEVICE));
    boolean isThere =
        call.fresh()
            .host(device.host())
            .filter(host -> host.name().equals(call.text("host")))
            .isPresent();
    if (!isThere) {
      throw new Refused(HOST_MISMATCH);
    }
    return device;
  }

  private static Scope scope(Call call) {
    if (!call.flag("domain")) {
      return Scope.ALL;
    }
    var domain = call.domain();
    Optional<ClassId> fileClass =
        call.flag("class")
            ? Optional.of(
                call.find(view -> view.fileClass(domain.id(), call.text("class")))
                    .map(FileClass::id)
                    .orElseThrow(() -> new Refused(CLASS_NOT_FOUND)))
            : Optional.empty();
    return new Scope(Optional.of(domain.id()), fileClass);
  }

  /** What a start would begin. */
  private Reply plan(Call call) {
    var terms = terms(call);
    return switch (terms.kind()) {
      case EVEN -> planEven(call, terms);
      case DRAIN -> planDrain(call, terms.device().orElseThrow(), terms.bytesPerSecond());
    };
  }

  private Reply planEven(Call call, Terms terms) {
    var plan = new EvenPlan(EvenPlan.levels(call.fresh()), terms.thresholdPercent());
    var shares = plan.foreseen();
    long bytes = plan.bytesForeseen();
    var reply =
        Reply.ok()
            .with("mean", percent(plan.mean()))
            .with("deviation", percent(plan.deviation()))
            .with("files", filesGiven(shares))
            .with("bytes", bytes)
            .with("seconds", seconds(bytes, terms.bytesPerSecond()))
            .with("devices", shares.size());
    int i = 1;
    for (var share : shares) {
      var prefix = "dev" + i + "_";
      reply
          .with(prefix + "devid", share.level().device().value())
          .with(prefix + "total", share.level().total())
          .with(prefix + "used", share.level().used())
          .with(prefix + "change", share.bytes());
      i++;
    }
    return reply.build();
  }

  /** By the mean length of some files of each device that gives. */
  private long filesGiven(List<EvenPlan.Share> shares) {
    return shares.stream()
        .filter(share -> share.bytes() < 0)
        .mapToLong(
            share -> {
              long length = store.meanLength(share.level().device(), SAMPLE);
              return length > 0 ? -share.bytes() / length : 0;
            })
        .sum();
  }

  /** How long it takes at a rate; nothing where none is given, since nobody can tell. */
  private static String seconds(long bytes, long bytesPerSecond) {
    return bytesPerSecond > 0 ? Long.toString(Math.ceilDiv(bytes, bytesPerSecond)) : "";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", share * PERCENT);
  }

  private Reply planDrain(Call call, DeviceId device, long bytesPerSecond) {
    var view = call.fresh();
    var remains = store.remains(device, MOST_COUNTED);
    long free =
        view.devices().stream()
            .filter(view::shouldGetNewFiles)
            .filter(each -> !each.id().equals(device))
            .flatMap(each -> each.space().stream())
            .mapToLong(space -> space.freeMb() << 20)
            .sum();
    long bytes = remains.rows() * store.meanLength(device, SAMPLE);
    return Reply.ok()
        .with("files", remains.rows())
        .with("bytes", bytes)
        .with("seconds", seconds(bytes, bytesPerSecond))
        .with("uploads", remains.uploads())
        .with("free", free)
        .build();
  }

  private Reply status(Call call) {
    List<MoveJob> jobs = call.flag("job") ? List.of(job(call)) : store.latest(LISTED);
    var reply = Reply.ok().with("jobs", jobs.size());
    int i = 1;
    for (var job : jobs) {
      add(reply, "job" + i + "_", job, call);
      i++;
    }
    return reply.build();
  }

  private MoveJob job(Call call) {
    return call.digits("job", Long.MAX_VALUE)
        .flatMap(store::find)
        .orElseThrow(() -> new Refused(NO_MOVE));
  }

  private static void add(Reply.Builder reply, String prefix, MoveJob job, Call call) {
    var terms = job.terms();
    var counts = job.counts();
    reply
        .with(prefix + "id", job.id())
        .with(prefix + "kind", terms.kind().wire())
        .with(prefix + "state", job.state().wire());
    terms.device().ifPresent(device -> reply.with(prefix + "devid", device.value()));
    if (terms.kind() == Kind.EVEN) {
      reply.with(prefix + "threshold", percent(terms.thresholdPercent() / PERCENT));
    }
    terms
        .scope()
        .domain()
        .flatMap(id -> call.view().registry().domain(id))
        .ifPresent(domain -> reply.with(prefix + "domain", domain.name()));
    reply
        .with(prefix + "rate", terms.bytesPerSecond())
        .with(prefix + "pass", counts.position().pass())
        .with(prefix + "files_moved", counts.moved().files())
        .with(prefix + "bytes_moved", counts.moved().bytes())
        .with(prefix + "files_kept", counts.filesKept())
        .with(prefix + "files_left", counts.left().files())
        .with(prefix + "bytes_left", counts.left().bytes())
        .with(prefix + "files_rate", String.format(Locale.ROOT, "%.1f", counts.speed().files()))
        .with(prefix + "bytes_rate", Math.round(counts.speed().bytes()))
        .with(prefix + "seconds_left", secondsLeft(job))
        .with(prefix + "started", job.times().started())
        .with(prefix + "ended", job.times().ended())
        .with(prefix + "now", job.times().now())
        .with(prefix + "tracker", job.host())
        .with(prefix + "note", job.note());
  }

  /** By the rate of late; nothing where it does not go on or nobody can tell. */
  private static String secondsLeft(MoveJob job) {
    var counts = job.counts();
    boolean byBytes = job.terms().kind() == Kind.EVEN;
    double rate = byBytes ? counts.speed().bytes() : counts.speed().files();
    double left = (double) (byBytes ? counts.left().bytes() : counts.left().files());
    return job.state() == MoveJob.State.RUNNING && rate > 0
        ? Long.toString(Math.round(left / rate))
        : "";
  }

  private Reply pause(Call call) {
    return changed(store.hold(job(call).id(), true));
  }

  private Reply resume(Call call) {
    return changed(store.hold(job(call).id(), false));
  }

  private Reply limit(Call call) {
    return changed(store.limit(job(call).id(), number(call, "rate", "0").longValue()));
  }

  private Reply stop(Call call) throws InterruptedException {
    var job = job(call);
    boolean stopped = store.stop(job.id());
    refresh.devices();
    return changed(stopped);
  }

  private static Reply changed(boolean isSo) {
    return isSo ? Reply.ok().build() : Reply.err(MOVE_OVER);
  }
}
