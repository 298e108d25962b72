package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.NO_DEVICE;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import io.hayloft.tracker.policy.Situation;
import io.hayloft.tracker.store.InsightStore;
import io.hayloft.tracker.store.InsightStore.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * {@code hayloft_safe_to_remove}: which files would be at risk if a device were taken away now.
 * Counts only copies that can be read at this moment, as the tables believe them to be. Looks at a
 * page of the device's files at a time; whoever asks goes on after the last one.
 */
final class RemovalCommand {

  private static final int PAGE = 2000;

  /** How many files of a page are named. */
  private static final int NAMED = 20;

  private final InsightStore insight;
  private final ReplicationPolicies policies;
  private final RandomGenerator random;

  RemovalCommand(InsightStore insight, ReplicationPolicies policies, RandomGenerator random) {
    this.insight = insight;
    this.policies = policies;
    this.random = random;
  }

  Map<String, Command> table() {
    return Map.of("hayloft_safe_to_remove", this::judge);
  }

  private Reply judge(Call call) {
    var device =
        call.device("device")
            .flatMap(id -> call.find(view -> view.device(id)))
            .orElseThrow(() -> new Refused(NO_DEVICE));
    long after = Math.max(0, call.arguments().number("after"));
    var page = insight.filesOn(device.id(), after, PAGE);
    var alone = new ArrayList<Held>();
    var few = new ArrayList<Held>();
    for (var held : page) {
      var others = live(call.view(), held.others());
      if (others.isEmpty()) {
        alone.add(held);
      } else if (!isEnough(call.view(), device, held, others)) {
        few.add(held);
      }
    }
    return reply(call, device, page, alone, few);
  }

  private static Set<DeviceId> live(ClusterView view, Set<DeviceId> devices) {
    return devices.stream()
        .filter(id -> view.device(id).filter(view::shouldRead).isPresent())
        .collect(Collectors.toSet());
  }

  private boolean isEnough(ClusterView view, Device device, Held held, Set<DeviceId> others) {
    var terms = terms(view, held.file());
    return switch (policies.parse(terms.policyText())) {
      case Parsed.Unknown _ -> false;
      case Parsed.Known(var policy) ->
          policy.isEnough(
              new Situation(view, others, Set.of(device.id()), terms.mindevcount()), random);
    };
  }

  private static FileClass terms(ClusterView view, StoredFile file) {
    return view.fileClass(file.domain(), file.fileClass())
        .orElseGet(() -> FileClass.implicitDefault(view.defaults().mindevcount()));
  }

  private static Reply reply(
      Call call, Device device, List<Held> page, List<Held> alone, List<Held> few) {
    var view = call.view();
    var reply =
        Reply.ok()
            .with("devid", device.id().value())
            .with("host", view.host(device.host()).map(Host::name))
            .with("status", device.status().wire())
            .with("takes_new_files", device.status() == DeviceStatus.ALIVE ? 1 : 0)
            .with("checked", page.size())
            .with("more", page.size() == PAGE ? 1 : 0)
            .with("last", page.isEmpty() ? 0 : page.getLast().file().fid().value())
            .with("lost", alone.size())
            .with("few", few.size());
    var named = new ArrayList<>(alone);
    named.addAll(few);
    int i = 1;
    for (var held : named.subList(0, Math.min(NAMED, named.size()))) {
      var prefix = "file_" + i + "_";
      reply
          .with(prefix + "fid", held.file().fid().value())
          .with(prefix + "domain", view.registry().domain(held.file().domain()).map(Domain::name))
          .with(prefix + "key", held.file().key().wire())
          .with(prefix + "others", live(view, held.others()).size());
      i++;
    }
    return reply.with("files", i - 1).build();
  }
}
