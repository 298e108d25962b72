package io.hayloft.tracker.command;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.command.CopyCount.OfClass;
import io.hayloft.tracker.command.RiskAdvice.Facts;
import io.hayloft.tracker.command.RiskAdvice.Lacking;
import io.hayloft.tracker.command.RiskAdvice.Troubled;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.InsightStore;
import io.hayloft.tracker.store.InsightStore.Depth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code hayloft_risk}: what could be lost, and what to do first. Files by the copies of them that
 * can be read now, the queues, devices that are not as they should be, safe mode, and advice.
 */
final class RiskCommand {

  /** How many devices and sentences are told. */
  private static final int NAMED = 50;

  private final InsightStore insight;
  private final FsckRunStore checks;
  private final World world;
  private final CopyCount count;

  RiskCommand(InsightStore insight, FsckRunStore checks, World world) {
    this.insight = insight;
    this.checks = checks;
    this.world = world;
    this.count = new CopyCount(insight, world);
  }

  Map<String, Command> table() {
    return Map.of("hayloft_risk", this::risk);
  }

  private Reply risk(Call call) {
    var view = call.view();
    var counted =
        count
            .count(view)
            .orElseThrow(() -> new Refused(ErrorCode.BUSY, "The files are being counted"));
    var mode = SafeMode.of(view, world.time().epochSecond());
    var queues = insight.queues();
    var devices = TroubledDevices.of(view);
    var check = LastCheck.of(view.settings(), checks, world.time().epochSecond());
    long gone = 0;
    long few = 0;
    for (var each : counted.classes()) {
      int wanted = terms(view, each).mindevcount();
      gone += each.files().getOrDefault(0, 0L);
      few += below(each, wanted);
    }
    var room = Room.of(view);
    var facts = new Facts(new Lacking(gone, few), mode, devices, room, queues, check);
    var advice = RiskAdvice.of(facts);
    boolean atRisk = gone > 0 || few > 0 || mode.on() || !devices.isEmpty() || room.isOut();
    var reply =
        Reply.ok()
            .with("at_risk", atRisk ? 1 : 0)
            .with("as_of", counted.asOf())
            .with("complete", counted.isComplete() ? 1 : 0)
            .with("share", String.format(Locale.ROOT, "%.6f", counted.share()))
            .with("files_gone", gone)
            .with("files_few", few)
            .with("safe_mode", mode.on() ? 1 : 0)
            .with("safe_mode_overridden", mode.overridden() ? 1 : 0)
            .with("devices_full", room.full().size())
            .with("devices_taking_files", room.taking());
    addClasses(reply, view, counted.classes());
    addQueues(reply, queues);
    addDevices(reply, devices);
    check.addTo(reply);
    reply.with("fsck_stopped", view.settings().get("fsck_stop_time"));
    reply.with("advice", Math.min(NAMED, advice.size()));
    for (int i = 0; i < Math.min(NAMED, advice.size()); i++) {
      reply.with("advice_" + (i + 1), advice.get(i));
    }
    return reply.build();
  }

  private static long below(OfClass each, int wanted) {
    return each.files().entrySet().stream()
        .filter(files -> files.getKey() > 0 && files.getKey() < wanted)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static FileClass terms(ClusterView view, OfClass each) {
    return view.fileClass(each.domain(), each.fileClass())
        .orElseGet(() -> FileClass.implicitDefault(view.defaults().mindevcount()));
  }

  /** With how many files for each number of copies, those counted and not all where it is part. */
  private static void addClasses(Reply.Builder reply, ClusterView view, List<OfClass> classes) {
    reply.with("classes", classes.size());
    int i = 1;
    for (var each : classes) {
      var prefix = "class_" + i + "_";
      var terms = terms(view, each);
      reply
          .with(prefix + "domain", view.registry().domain(each.domain()).map(Domain::name))
          .with(prefix + "class", terms.name())
          .with(prefix + "mindevcount", terms.mindevcount());
      each.files().forEach((copies, files) -> reply.with(prefix + "copies_" + copies, files));
      i++;
    }
  }

  private static void addQueues(Reply.Builder reply, List<Depth> queues) {
    reply.with("queues", queues.size());
    int i = 1;
    for (var each : queues) {
      var prefix = "queue_" + i + "_";
      reply
          .with(prefix + "name", each.queue())
          .with(prefix + "rows", each.rows())
          .with(prefix + "due", each.due())
          .with(prefix + "stuck", each.stuck())
          .with(
              prefix + "waiting",
              each.waiting().isPresent()
                  ? Optional.of(each.waiting().getAsLong())
                  : Optional.empty());
      i++;
    }
  }

  private static void addDevices(Reply.Builder reply, List<Troubled> devices) {
    var told = devices.subList(0, Math.min(NAMED, devices.size()));
    reply.with("devices", told.size()).with("devices_in_trouble", devices.size());
    int i = 1;
    for (var each : told) {
      var prefix = "device_" + i + "_";
      reply
          .with(prefix + "devid", each.device().id().value())
          .with(prefix + "host", each.host().map(Host::name))
          .with(prefix + "status", each.device().status().wire())
          .with(prefix + "why", each.why());
      i++;
    }
  }
}
