package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.CLASS_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.INVALID_KEY;
import static io.hayloft.protocol.ErrorCode.KEY_EXISTS;
import static io.hayloft.protocol.ErrorCode.NO_CLASS;
import static io.hayloft.protocol.ErrorCode.NO_DEVICES;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.Map;
import java.util.Optional;

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

  Map<String, Errand> errands() {
    return Map.of(
        "file_info", this::beginInfo,
        "delete", this::beginDelete,
        "rename", this::beginRename);
  }

  private Reply info(Call call) throws InterruptedException {
    var domain = call.domain(plugins, Occasion.FILE_INFO);
    var key = call.key();
    var located = lookups.locate(domain.id(), key).orElseThrow(() -> new Refused(UNKNOWN_KEY));
    var fileClass =
        call.findIfPossible(view -> view.fileClass(domain.id(), located.file().fileClass()));
    var reply = info(domain, located, fileClass);
    if (fileClass.flatMap(FileClass::hash).isPresent()) {
      reply.with(
          "checksum",
          lookups.checksum(located.file().fid()).map(Checksum::toString).orElse("MISSING"));
    }
    return withDevices(call, located, reply).build();
  }

  /** Where a class keeps digests, they have to be asked for as well. */
  private boolean beginInfo(Call call, Errand.Then then) {
    var key = call.keyAtHand("key");
    var domain = call.domainAtHand();
    return plugins.areNone()
        && key.isPresent()
        && domain.isPresent()
        && call.view().classes(domain.get().id()).stream().allMatch(each -> each.hash().isEmpty())
        && lookups.locate(
            domain.get().id(),
            key.get(),
            outcome -> then.hear(() -> told(call, domain.get(), outcome.get())));
  }

  private static Optional<Reply> told(Call call, Domain domain, Optional<Located> found) {
    if (found.isEmpty()) {
      return Optional.of(Reply.err(UNKNOWN_KEY));
    }
    var located = found.get();
    return call.view()
        .fileClass(domain.id(), located.file().fileClass())
        .filter(fileClass -> fileClass.hash().isEmpty())
        .map(
            fileClass ->
                withDevices(call, located, info(domain, located, Optional.of(fileClass))).build());
  }

  private static Reply.Builder info(Domain domain, Located located, Optional<FileClass> fileClass) {
    var file = located.file();
    return Reply.ok()
        .with("fid", file.fid().value())
        .with("domain", domain.name())
        .with("class", fileClass.map(FileClass::name))
        .with("key", file.key().wire())
        .with("length", file.length())
        .with("devcount", file.devcount());
  }

  private static Reply.Builder withDevices(Call call, Located located, Reply.Builder reply) {
    return call.flag("devices") ? reply.with("devids", DeviceList.text(located.devices())) : reply;
  }

  private Reply delete(Call call) throws InterruptedException {
    var domain = call.domain(plugins, Occasion.DELETE);
    var key = call.key();
    boolean isGone = files.delete(domain.id(), key);
    var reply = deleted(isGone);
    if (isGone) {
      plugins.deleted(call.in(domain));
    }
    return reply;
  }

  private boolean beginDelete(Call call, Errand.Then then) {
    var key = call.keyAtHand("key");
    var domain = call.domainAtHand();
    if (!plugins.areNone() || key.isEmpty() || domain.isEmpty()) {
      return false;
    }
    files.delete(
        domain.get().id(),
        key.get(),
        outcome -> then.hear(() -> Optional.of(deleted(outcome.get()))));
    return true;
  }

  private Reply deleted(boolean isGone) {
    if (!isGone) {
      return Reply.err(UNKNOWN_KEY);
    }
    jobs.wake(Jobs.DELETE);
    return Reply.ok().build();
  }

  private Reply rename(Call call) {
    var domain = call.domain();
    var from = call.key("from_key");
    var to = call.key("to_key");
    return renamed(files.rename(domain.id(), from, to));
  }

  private boolean beginRename(Call call, Errand.Then then) {
    var domain = call.domainAtHand();
    var from = call.keyAtHand("from_key");
    var to = call.keyAtHand("to_key");
    if (domain.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return false;
    }
    files.rename(
        domain.get().id(),
        from.get(),
        to.get(),
        outcome -> then.hear(() -> Optional.of(renamed(outcome.get()))));
    return true;
  }

  private static Reply renamed(FileStore.Rename end) {
    return switch (end) {
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
