package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.store.FileStore;
import java.util.Map;
import java.util.Optional;

/**
 * {@code file_debug}: everything that the tables say about a file, or about a fid that may not be
 * one any more. A fid that nothing is known of is no error.
 */
final class DebugCommands {

  private final FileStore files;
  private final Plugins plugins;

  DebugCommands(Backend backend) {
    this.files = backend.stores().files();
    this.plugins = backend.plugins();
  }

  Map<String, Command> table() {
    return Map.of("file_debug", this::debug);
  }

  /** Here, and only here, a missing key is noticed before plugins are asked. */
  private Reply debug(Call call) throws InterruptedException {
    if (call.flag("fid")) {
      long fid = call.arguments().number("fid");
      return fid < 1
          ? Reply.ok().with("checksum", "NONE").build()
          : dump(call, new Fid(fid), files.find(new Fid(fid)));
    }
    call.domain();
    call.key();
    var domain = call.domain(plugins, Occasion.FILE_DEBUG);
    var key = call.key();
    var file = files.find(domain.id(), key).orElseThrow(() -> new Refused(UNKNOWN_KEY));
    return dump(call, file.fid(), Optional.of(file));
  }

  private Reply dump(Call call, Fid fid, Optional<StoredFile> file) {
    var reply = Reply.ok();
    file.ifPresent(each -> addFile(reply, call, each));
    var rows = files.rows(fid);
    rows.groups()
        .forEach(
            (group, columns) ->
                columns.forEach((column, value) -> reply.with(group + "_" + column, value)));
    if (!rows.devices().isEmpty()) {
      reply.with("devids", DeviceList.text(rows.devices()));
    }
    for (var device : rows.devices()) {
      call.find(view -> view.hostOf(device))
          .map(host -> host.readUrl(new ReplicaPath(device, fid), call.caller()))
          .ifPresent(url -> reply.with("devpath_" + device, url));
    }
    return reply.with("checksum", rows.checksum().map(Checksum::toString).orElse("NONE")).build();
  }

  private static void addFile(Reply.Builder reply, Call call, StoredFile file) {
    reply
        .with("fid_fid", file.fid().value())
        .with("fid_dmid", file.domain().value())
        .with("fid_dkey", file.key().wire())
        .with("fid_length", file.length())
        .with("fid_classid", file.fileClass().value())
        .with("fid_devcount", file.devcount())
        .with(
            "fid_domain",
            call.find(view -> view.registry().domain(file.domain())).map(Domain::name))
        .with(
            "fid_class",
            call.find(view -> view.fileClass(file.domain(), file.fileClass()))
                .map(FileClass::name));
  }
}
