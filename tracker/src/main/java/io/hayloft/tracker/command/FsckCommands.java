package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.FSCK_RUNNING;
import static io.hayloft.protocol.ErrorCode.REBAL_RUNNING;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.store.FsckStore;
import java.util.Map;

/** Commands about the check of all files. What they start, workers do. */
final class FsckCommands {

  private static final int LOG_ROWS = 100;

  private final FsckStore store;
  private final Jobs jobs;
  private final String hostname;

  FsckCommands(FsckStore store, Jobs jobs, String hostname) {
    this.store = store;
    this.jobs = jobs;
    this.hostname = hostname;
  }

  Map<String, Command> table() {
    return Map.of(
        "fsck_start", this::start,
        "fsck_stop", this::stop,
        "fsck_reset", this::reset,
        "fsck_status", this::status,
        "fsck_getlog", this::log,
        "fsck_clearlog", this::clearLog);
  }

  private Reply start(Call call) {
    return switch (store.start(hostname)) {
      case STARTED -> {
        jobs.wake(Jobs.MASTER);
        yield Reply.ok().build();
      }
      case FSCK_RUNNING -> Reply.err(FSCK_RUNNING, "fsck is already running");
      case REBALANCE_RUNNING ->
          Reply.err(REBAL_RUNNING, "rebalance running; cannot run fsck at same time");
    };
  }

  private Reply stop(Call call) {
    store.stop();
    return Reply.ok().build();
  }

  private Reply reset(Call call) {
    store.reset(call.flag("policy_only"), Math.max(0, call.arguments().number("startpos")));
    return Reply.ok().build();
  }

  private Reply status(Call call) {
    var status = store.status();
    var reply =
        Reply.ok()
            .with("running", status.host().isPresent() ? 1 : 0)
            .with("host", status.host())
            .with("max_fid_checked", status.range().position())
            .with("policy_only", status.policyOnly() ? 1 : 0)
            .with("end_fid", status.range().end())
            .with("start_time", status.times().started())
            .with("stop_time", status.times().stopped())
            .with("current_time", status.times().now())
            .with("max_logid", status.newestLogId());
    status.counts().forEach((code, count) -> reply.with("num_" + code, count));
    return reply.build();
  }

  /** What a row does not have is left out, here alone. */
  private Reply log(Call call) {
    var rows = store.log(Math.max(0, call.arguments().number("after_logid")), LOG_ROWS);
    var reply = Reply.ok().with("row_count", rows.size());
    int i = 1;
    for (var row : rows) {
      var prefix = "row_" + i + "_";
      reply.with(prefix + "logid", row.id()).with(prefix + "utime", row.time());
      row.fid().ifPresent(fid -> reply.with(prefix + "fid", fid.value()));
      row.code().ifPresent(code -> reply.with(prefix + "evcode", code));
      row.device().ifPresent(device -> reply.with(prefix + "devid", device.value()));
      i++;
    }
    return reply.build();
  }

  private Reply clearLog(Call call) {
    store.clearLog();
    return Reply.ok().build();
  }
}
