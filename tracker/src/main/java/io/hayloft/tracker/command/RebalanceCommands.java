package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_REBAL_POL;
import static io.hayloft.protocol.ErrorCode.FSCK_RUNNING;
import static io.hayloft.protocol.ErrorCode.NO_REBAL_POLICY;
import static io.hayloft.protocol.ErrorCode.NO_REBAL_STATE;
import static io.hayloft.protocol.ErrorCode.NO_SET_REBAL;
import static io.hayloft.protocol.ErrorCode.REBAL_NOT_STARTED;
import static io.hayloft.protocol.ErrorCode.REBAL_RUNNING;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalanceState;
import io.hayloft.tracker.store.RebalanceStore;
import io.hayloft.tracker.store.RebalanceStore.Start;
import java.util.Map;

/** Commands about moving files from some devices to others. What they start, workers do. */
final class RebalanceCommands {

  private final RebalanceStore store;
  private final String hostname;

  RebalanceCommands(RebalanceStore store, String hostname) {
    this.store = store;
    this.hostname = hostname;
  }

  Map<String, Command> table() {
    return Map.of(
        "rebalance_set_policy", this::setPolicy,
        "rebalance_test", this::test,
        "rebalance_start", this::start,
        "rebalance_stop", this::stop,
        "rebalance_reset", this::reset,
        "rebalance_status", this::status);
  }

  private Reply setPolicy(Call call) {
    if (store.status().host().isPresent()) {
      return runningAlready();
    }
    var text = call.text("policy");
    if (RebalancePolicy.parse(text) instanceof RebalancePolicy.Parsed.Wrong(var reason)) {
      return Reply.err(BAD_REBAL_POL, reason);
    }
    return store.setPolicy(text) ? Reply.ok().build() : runningAlready();
  }

  private static Reply runningAlready() {
    return Reply.err(NO_SET_REBAL, "cannot change rebalance policy while rebalance is running");
  }

  private Reply test(Call call) {
    var text = store.status().policy().orElseThrow(() -> new Refused(NO_REBAL_POLICY));
    var policy = policy(text);
    var view = call.fresh();
    var sources = policy.sources(view);
    return Reply.ok()
        .with("sdevs", DeviceList.text(sources))
        .with("ddevs", DeviceList.text(policy.destinations(view, sources)))
        .build();
  }

  /** Another program may have stored what we would not. */
  private static RebalancePolicy policy(String text) {
    return switch (RebalancePolicy.parse(text)) {
      case RebalancePolicy.Parsed.Known(var policy) -> policy;
      case RebalancePolicy.Parsed.Wrong(var reason) -> throw new Refused(BAD_REBAL_POL, reason);
    };
  }

  private Reply start(Call call) {
    var view = call.fresh();
    return switch (store.start(hostname, (policy, now) -> firstState(policy, now, view))) {
      case Start.Started(var state) -> Reply.ok().with("state", state).build();
      case Start.RebalanceRunning() -> Reply.err(REBAL_RUNNING, "rebalance is already running");
      case Start.FsckRunning() ->
          Reply.err(FSCK_RUNNING, "fsck running; cannot run rebalance at same time");
      case Start.NoPolicy() -> Reply.err(NO_REBAL_POLICY);
    };
  }

  private static String firstState(String text, long now, ClusterView view) {
    var policy = policy(text);
    return RebalanceState.first(policy.sources(view), policy)
        .with(RebalanceState.Count.TIME_STARTED, now)
        .text();
  }

  private Reply stop(Call call) {
    return store.stop() ? Reply.ok().build() : Reply.err(REBAL_NOT_STARTED);
  }

  private Reply reset(Call call) {
    return store.reset() ? Reply.ok().build() : Reply.err(REBAL_RUNNING, "rebalance is running");
  }

  private Reply status(Call call) {
    return store
        .status()
        .state()
        .map(state -> (Reply) Reply.ok().with("state", state).build())
        .orElseGet(() -> Reply.err(NO_REBAL_STATE));
  }
}
