package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.AFTER_MISMATCH;
import static io.hayloft.protocol.ErrorCode.NONE_MATCH;

import io.hayloft.protocol.PairWriter;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FileStore.KeyRange;
import io.hayloft.tracker.store.KeyPage;
import java.util.Map;
import java.util.Optional;

/** Commands that list many files, a page at a time: by key within a domain, or by fid. */
final class ListCommands {

  private static final int MAX_KEYS = 1000;

  /** About what one takes in an answer, with its name. */
  private static final int BYTES_OF_A_KEY = 40;

  private static final int USUAL_FIDS = 100;
  private static final int MAX_FIDS = 500;

  private final FileStore files;

  ListCommands(FileStore files) {
    this.files = files;
  }

  Map<String, Command> table() {
    return Map.of("list_keys", this::keys, "list_fids", this::fids);
  }

  Map<String, Errand> errands() {
    return Map.of("list_keys", this::beginKeys);
  }

  private Reply keys(Call call) {
    var domain = call.domain();
    var range = range(call);
    return refusal(call, range).orElseGet(() -> page(files.listKeys(domain.id(), range)));
  }

  /** What is refused is left to {@link #keys}. */
  private boolean beginKeys(Call call, Errand.Then then) {
    var domain = call.domainAtHand();
    var range = range(call);
    if (domain.isEmpty() || refusal(call, range).isPresent()) {
      return false;
    }
    files.listKeys(
        domain.get().id(), range, outcome -> then.hear(() -> Optional.of(page(outcome.get()))));
    return true;
  }

  private static KeyRange range(Call call) {
    return new KeyRange(call.text("prefix"), call.text("after"), keyLimit(call));
  }

  private static Optional<Reply> refusal(Call call, KeyRange range) {
    if (call.flag("after") && !range.after().startsWith(range.prefix())) {
      return Optional.of(Reply.err(AFTER_MISMATCH));
    }
    return range.limit() == 0 ? Optional.of(Reply.err(NONE_MATCH)) : Optional.empty();
  }

  /** An empty page is an error on the wire: clients stop there. */
  private static Reply page(KeyPage keys) {
    if (keys.isEmpty()) {
      return Reply.err(NONE_MATCH);
    }
    var reply = new PairWriter(BYTES_OF_A_KEY * keys.size()).with("key_count", keys.size());
    for (int i = 0; i < keys.size(); i++) {
      reply.with("key_", i + 1, keys.bytes(i));
    }
    return reply.with("next_after", keys.bytes(keys.size() - 1)).build();
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
