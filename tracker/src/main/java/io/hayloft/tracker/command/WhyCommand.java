package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.AttemptStore;
import io.hayloft.tracker.store.FileRows;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.ReplicationStore;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code hayloft_why}: why a file is as it is. Where its copies are, what its class asks for, what
 * the plan says now, which queues it is in and when it is tried next, and what failed last.
 */
final class WhyCommand {

  /** The tables' names of queues, and ours. */
  private static final Map<String, String> QUEUES =
      Map.of(
          "replqueue", "replicate",
          "delqueue", "delete",
          "fsckqueue", "fsck",
          "rebqueue", "rebalance");

  private final FileStore files;
  private final AttemptStore attempts;
  private final Outlook outlook;

  WhyCommand(Backend backend, AttemptStore attempts, Outlook outlook) {
    this.files = backend.stores().files();
    this.attempts = attempts;
    this.outlook = outlook;
  }

  Map<String, Command> table() {
    return Map.of("hayloft_why", this::why);
  }

  private Reply why(Call call) {
    if (call.flag("fid")) {
      var fid = call.fid("fid").orElseThrow(() -> new Refused(BAD_PARAMS));
      return explain(call, fid, files.find(fid));
    }
    var domain = call.domain();
    var file = files.find(domain.id(), call.key()).orElseThrow(() -> new Refused(UNKNOWN_KEY));
    return explain(call, file.fid(), Optional.of(file));
  }

  private Reply explain(Call call, Fid fid, Optional<StoredFile> file) {
    var rows = files.rows(fid);
    var reply = Reply.ok().with("fid", fid.value()).with("file", file.isPresent() ? 1 : 0);
    file.ifPresent(it -> addFile(reply, call, it));
    addCopies(reply, call, rows);
    reply.with("checksum", rows.checksum().map(Checksum::toString));
    reply.with("plan", plan(call, file, rows));
    addQueues(reply, rows);
    addAttempts(reply, fid);
    return reply.build();
  }

  private static void addFile(Reply.Builder reply, Call call, StoredFile file) {
    var terms = call.find(view -> view.fileClass(file.domain(), file.fileClass()));
    reply
        .with("domain", call.find(view -> view.registry().domain(file.domain())).map(Domain::name))
        .with("key", file.key().wire())
        .with("length", file.length())
        .with("class", terms.map(FileClass::name))
        .with("mindevcount", terms.map(FileClass::mindevcount))
        .with("policy", terms.map(FileClass::policyText))
        .with("devcount", file.devcount());
  }

  private static void addCopies(Reply.Builder reply, Call call, FileRows rows) {
    reply.with("copies", rows.devices().size());
    int i = 1;
    for (var id : rows.devices()) {
      addCopy(reply, "copy_" + i + "_", call, id);
      i++;
    }
  }

  private static void addCopy(Reply.Builder reply, String prefix, Call call, DeviceId id) {
    reply.with(prefix + "devid", id.value());
    var device = call.find(view -> view.device(id));
    if (device.isEmpty()) {
      reply.with(prefix + "usable", 0).with(prefix + "why", "there is no such device any more");
      return;
    }
    var view = call.view();
    var host = view.host(device.get().host());
    reply
        .with(prefix + "host", host.map(Host::name))
        .with(prefix + "status", device.get().status().wire())
        .with(prefix + "observed", view.observation(id).reach().wire())
        .with(prefix + "usable", view.shouldRead(device.get()) ? 1 : 0);
    var trouble = DeviceTrouble.of(view, device.get());
    trouble.ifPresent(why -> reply.with(prefix + "why", why));
  }

  private String plan(Call call, Optional<StoredFile> file, FileRows rows) {
    if (file.isPresent()) {
      return outlook.next(file.get(), Set.copyOf(rows.devices()), call.view());
    }
    if (rows.groups().containsKey("tempfile")) {
      return "nothing: it is an upload that was not closed, and expires";
    }
    return rows.groups().containsKey("delqueue")
        ? "remove its bytes: the file was deleted"
        : "nothing: there is no such file";
  }

  /** With the time of the next trial; none for a row that waits for a person. */
  private static void addQueues(Reply.Builder reply, FileRows rows) {
    var queued = rows.groups().keySet().stream().filter(QUEUES::containsKey).sorted().toList();
    reply.with("queues", queued.size());
    int i = 1;
    for (var group : queued) {
      var row = rows.groups().getOrDefault(group, Map.of());
      var next = row.getOrDefault("nexttry", "");
      reply
          .with("queue_" + i + "_name", QUEUES.getOrDefault(group, group))
          .with("queue_" + i + "_failures", row.getOrDefault("failcount", ""))
          .with(
              "queue_" + i + "_next",
              next.equals(Long.toString(ReplicationStore.NEVER)) ? "never" : next);
      i++;
    }
  }

  private void addAttempts(Reply.Builder reply, Fid fid) {
    var last = attempts.of(fid);
    reply.with("attempts", last.size());
    int i = 1;
    for (var attempt : last) {
      reply
          .with("attempt_" + i + "_when", attempt.when().getEpochSecond())
          .with("attempt_" + i + "_job", attempt.job().word())
          .with("attempt_" + i + "_from", attempt.from().map(DeviceId::value))
          .with("attempt_" + i + "_to", attempt.to().map(DeviceId::value))
          .with("attempt_" + i + "_why", attempt.why());
      i++;
    }
  }
}
