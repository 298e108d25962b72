package io.hayloft.tracker.command;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.model.FsckTerms.Scope;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckRunStore.Outcome;
import io.hayloft.tracker.store.FsckRunStore.Run;
import io.hayloft.tracker.store.FsckStore;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a check of all files can be asked beyond the original, and the reports of its runs. */
final class FsckRunCommands {

  private static final int RUNS = 20;
  private static final int MOST_RUNS = 1000;
  private static final int LOST = 1000;

  private final FsckStore store;
  private final FsckRunStore runs;
  private final Jobs jobs;
  private final String hostname;

  FsckRunCommands(FsckStore store, FsckRunStore runs, Jobs jobs, String hostname) {
    this.store = store;
    this.runs = runs;
    this.jobs = jobs;
    this.hostname = hostname;
  }

  Map<String, Command> table() {
    return Map.of(
        "hayloft_fsck_start", this::start,
        "hayloft_fsck_runs", this::list,
        "hayloft_fsck_report", this::report);
  }

  private Reply start(Call call) {
    var terms = new FsckTerms(depth(call), scope(call), rate(call));
    return switch (store.startFromTheFirst(hostname, terms)) {
      case STARTED -> {
        jobs.wake(Jobs.MASTER);
        yield Reply.ok().with("run", runs.runs(1).stream().mapToLong(Run::number).sum()).build();
      }
      case FSCK_RUNNING -> Reply.err(ErrorCode.FSCK_RUNNING, "fsck is already running");
      case REBALANCE_RUNNING ->
          Reply.err(ErrorCode.REBAL_RUNNING, "rebalance running; cannot run fsck at same time");
    };
  }

  private static Depth depth(Call call) {
    if (call.flag("policy_only")) {
      return Depth.POLICY;
    }
    if (call.text("checksums").isEmpty()) {
      return Depth.AS_SET;
    }
    return call.flag("checksums") ? Depth.FULL : Depth.QUICK;
  }

  private static Scope scope(Call call) {
    Optional<Domain> domain =
        call.text("domain").isEmpty() ? Optional.empty() : Optional.of(call.domain());
    Optional<FileClass> fileClass = Optional.empty();
    if (!call.text("class").isEmpty()) {
      if (domain.isEmpty()) {
        throw new Refused(ErrorCode.NO_DOMAIN);
      }
      fileClass = call.find(view -> view.fileClass(domain.get().id(), call.text("class")));
      if (fileClass.isEmpty()) {
        throw new Refused(ErrorCode.CLASS_NOT_FOUND);
      }
    }
    Optional<DeviceId> device = Optional.empty();
    if (!call.text("devid").isEmpty()) {
      device = call.device("devid").filter(id -> call.find(v -> v.device(id)).isPresent());
      if (device.isEmpty()) {
        throw new Refused(ErrorCode.NO_DEVICE);
      }
    }
    return new Scope(domain.map(Domain::id), fileClass.map(FileClass::id), device);
  }

  private static OptionalLong rate(Call call) {
    if (call.text("rate").isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        call.digits("rate", Long.MAX_VALUE).orElseThrow(() -> new Refused(ErrorCode.BAD_PARAMS)));
  }

  private Reply list(Call call) {
    int most = call.digits("limit", MOST_RUNS).map(Long::intValue).orElse(RUNS);
    var newest = runs.runs(most);
    var reply = Reply.ok().with("run_count", newest.size());
    int i = 1;
    for (var run : newest) {
      describe(reply, "run_" + i + "_", run, call.view());
      i++;
    }
    return reply.build();
  }

  private Reply report(Call call) {
    var run =
        call.text("run").isEmpty()
            ? runs.runs(1).stream().findFirst()
            : call.digits("run", Long.MAX_VALUE).flatMap(runs::run);
    if (run.isEmpty()) {
      return Reply.err(ErrorCode.BAD_PARAMS, "There is no such run");
    }
    var reply = Reply.ok();
    describe(reply, "", run.get(), call.view());
    var after = call.fid("after").map(Fid::value).orElse(0L);
    var lost = runs.lost(run.get().number(), after, LOST);
    reply.with("lost_count", lost.size());
    int i = 1;
    for (var each : lost) {
      var prefix = "lost_" + i + "_";
      reply
          .with(prefix + "fid", each.fid().value())
          .with(prefix + "domain", each.domain())
          .with(prefix + "key", each.key());
      i++;
    }
    return reply.build();
  }

  private static void describe(Reply.Builder reply, String prefix, Run run, ClusterView view) {
    var origin = run.origin();
    var terms = origin.terms();
    var times = run.times();
    var tally = run.tally();
    reply
        .with(prefix + "run", run.number())
        .with(prefix + "asked_by", origin.askedBy())
        .with(prefix + "host", origin.host())
        .with(prefix + "takeovers", origin.takeovers())
        .with(prefix + "depth", terms.depth().word())
        .with(prefix + "domain", terms.scope().domain().map(id -> domain(id, view)))
        .with(prefix + "class", fileClass(terms.scope(), view))
        .with(prefix + "devid", terms.scope().device().map(DeviceId::toString))
        .with(prefix + "rate", terms.bytesPerSecond().orElse(0))
        .with(prefix + "outcome", outcome(run))
        .with(prefix + "started", times.started())
        .with(prefix + "scanned", times.scanned())
        .with(prefix + "ended", times.ended())
        .with(prefix + "seconds", times.length().toSeconds())
        .with(prefix + "first_fid", run.progress().range().position())
        .with(prefix + "last_fid", run.progress().range().end())
        .with(prefix + "checked", tally.checked())
        .with(prefix + "stalled", tally.stalled())
        .with(prefix + "lost", tally.lost())
        .with(prefix + "orphans_found", tally.orphans().found())
        .with(prefix + "orphans_adopted", tally.orphans().adopted())
        .with(prefix + "orphans_quarantined", tally.orphans().quarantined())
        .with(prefix + "files_per_second", text(overall(run)))
        .with(prefix + "speed_files", text(run.progress().speed().filesPerSecond()))
        .with(prefix + "speed_fids", text(run.progress().speed().fidsPerSecond()));
    tally.events().forEach((code, count) -> reply.with(prefix + "num_" + code, count));
  }

  /** Files a second until the last slice was read; a run of less than a second took one. */
  private static double overall(Run run) {
    var times = run.times();
    long until = times.scanned() > 0 ? times.scanned() : times.now();
    return (double) run.tally().checked() / Math.max(1, until - times.started());
  }

  private static String text(double perSecond) {
    return String.format(Locale.ROOT, "%.1f", perSecond);
  }

  private static String domain(DomainId id, ClusterView view) {
    return view.registry().domain(id).map(Domain::name).orElseGet(id::toString);
  }

  private static Optional<String> fileClass(Scope scope, ClusterView view) {
    return scope
        .fileClass()
        .map(
            id ->
                scope
                    .domain()
                    .flatMap(domain -> view.fileClass(domain, id))
                    .map(FileClass::name)
                    .orElseGet(id::toString));
  }

  private static String outcome(Run run) {
    if (run.outcome().isEmpty()) {
      return "running";
    }
    if (run.outcome().get() == Outcome.STOPPED) {
      return "stopped";
    }
    return run.isClosed() ? "finished" : "finishing";
  }
}
