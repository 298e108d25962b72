package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.AFTER_MISMATCH;
import static io.hayloft.protocol.ErrorCode.NONE_MATCH;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.store.FileStore;
import java.util.Map;

/** Commands that list many files, a page at a time: by key within a domain, or by fid. */
final class ListCommands {

  private static final int MAX_KEYS = 1000;
  private static final int USUAL_FIDS = 100;
  private static final int MAX_FIDS = 500;

  private final FileStore files;

  ListCommands(FileStore files) {
    this.files = files;
  }

  Map<String, Command> table() {
    return Map.of("list_keys", this::keys, "list_fids", this::fids);
  }

  /** An empty page is an error on the wire: clients stop there. */
  private Reply keys(Call call) {
    var domain = call.domain();
    var prefix = call.text("prefix");
    var after = call.text("after");
    if (call.flag("after") && !after.startsWith(prefix)) {
      return Reply.err(AFTER_MISMATCH);
    }
    int limit = keyLimit(call);
    if (limit == 0) {
      return Reply.err(NONE_MATCH);
    }
    var keys = files.listKeys(domain.id(), prefix, after, limit);
    if (keys.isEmpty()) {
      return Reply.err(NONE_MATCH);
    }
    var reply = Reply.ok().with("key_count", keys.size());
    int i = 1;
    for (var key : keys) {
      reply.with("key_" + i, key.wire());
      i++;
    }
    return reply.with("next_after", keys.getLast().wire()).build();
  }

  /** 0 where the client sent something that is not a number. */
  private static int keyLimit(Call call) {
    if (!call.flag("limit")) {
      return MAX_KEYS;
    }
    long asked = call.arguments().number("limit");
    return asked < 0 || asked > MAX_KEYS ? MAX_KEYS : (int) asked;
  }

  /** The argument {@code to} is a count, whatever its name says. */
  private Reply fids(Call call) {
    long from = Math.max(0, call.arguments().number("from"));
    long asked = call.arguments().number("to");
    int limit = asked == 0 ? USUAL_FIDS : asked < 0 || asked > MAX_FIDS ? MAX_FIDS : (int) asked;

    var found = files.listFids(from, limit);
    var reply = Reply.ok().with("fid_count", found.size());
    int i = 1;
    for (var file : found) {
      var prefix = "fid_" + i + "_";
      reply
          .with(prefix + "fid", file.fid().value())
          .with(
              prefix + "domain",
              call.find(view -> view.registry().domain(file.domain())).map(Domain::name))
          .with(
              prefix + "class",
              call.find(view -> view.fileClass(file.domain(), file.fileClass()))
                  .map(FileClass::name))
          .with(prefix + "key", file.key().wire())
          .with(prefix + "length", file.length())
          .with(prefix + "devcount", file.devcount());
      i++;
    }
    return reply.build();
  }
}
