package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.CLASS_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.INVALID_KEY;
import static io.hayloft.protocol.ErrorCode.KEY_EXISTS;
import static io.hayloft.protocol.ErrorCode.NO_CLASS;
import static io.hayloft.protocol.ErrorCode.NO_DEVICES;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore;
import java.util.Map;

/** Commands about one stored file, called by its key: tell about it, remove, rename, reclassify. */
final class FileCommands {

  private final FileStore files;
  private final FileLookups lookups;
  private final Jobs jobs;
  private final Plugins plugins;

  FileCommands(Backend backend) {
    this.files = backend.stores().files();
    this.plugins = backend.plugins();
    this.lookups = backend.lookups();
    this.jobs = backend.jobs();
  }

  Map<String, Command> table() {
    return Map.of(
        "file_info", this::info,
        "delete", this::delete,
        "rename", this::rename,
        "updateclass", this::updateClass);
  }

  private Reply info(Call call) throws InterruptedException {
    var domain = call.domain(plugins, Occasion.FILE_INFO);
    var key = call.key();
    var located = lookups.locate(domain.id(), key).orElseThrow(() -> new Refused(UNKNOWN_KEY));
    var file = located.file();
    var fileClass = call.findIfPossible(view -> view.fileClass(domain.id(), file.fileClass()));
    var reply =
        Reply.ok()
            .with("fid", file.fid().value())
            .with("domain", domain.name())
            .with("class", fileClass.map(FileClass::name))
            .with("key", file.key().wire())
            .with("length", file.length())
            .with("devcount", file.devcount());
    if (fileClass.flatMap(FileClass::hash).isPresent()) {
      reply.with(
          "checksum", lookups.checksum(file.fid()).map(Checksum::toString).orElse("MISSING"));
    }
    if (call.flag("devices")) {
      reply.with("devids", DeviceList.text(located.devices()));
    }
    return reply.build();
  }

  private Reply delete(Call call) throws InterruptedException {
    var domain = call.domain(plugins, Occasion.DELETE);
    var key = call.key();
    if (!files.delete(domain.id(), key)) {
      return Reply.err(UNKNOWN_KEY);
    }
    jobs.wake(Jobs.DELETE);
    plugins.deleted(call.in(domain));
    return Reply.ok().build();
  }

  private Reply rename(Call call) {
    var domain = call.domain();
    var from = call.key("from_key");
    var to = call.key("to_key");
    return switch (files.rename(domain.id(), from, to)) {
      case RENAMED -> Reply.ok().build();
      case NO_SUCH_KEY -> Reply.err(UNKNOWN_KEY);
      case TARGET_EXISTS -> Reply.err(KEY_EXISTS);
    };
  }

  private Reply updateClass(Call call) throws InterruptedException {
    var domain = call.domain(plugins, Occasion.UPDATE_CLASS);
    var key = call.key();
    var name = call.text("class");
    if (name.isEmpty()) {
      return Reply.err(NO_CLASS);
    }
    var fileClass =
        call.find(view -> view.fileClass(domain.id(), name))
            .orElseThrow(() -> new Refused(CLASS_NOT_FOUND));
    return switch (files.changeClass(domain.id(), key, fileClass.id())) {
      case CHANGED -> {
        jobs.wake(Jobs.REPLICATE);
        yield Reply.ok().build();
      }
      case SAME -> Reply.ok().build();
      case NO_SUCH_KEY -> Reply.err(INVALID_KEY);
      case NO_REPLICAS -> Reply.err(NO_DEVICES);
    };
  }
}
