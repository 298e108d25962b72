package io.hayloft.tracker.plugin.filepaths;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.FilePath;
import io.hayloft.tracker.plugin.DomainRequest;
import io.hayloft.tracker.plugin.PluginCommand;
import io.hayloft.tracker.store.PathStore;
import io.hayloft.tracker.store.PathStore.Entry;
import io.hayloft.tracker.store.PathStore.Found;
import io.hayloft.tracker.store.PathStore.Listing;
import java.util.List;
import java.util.Map;

/** The commands of {@code FilePaths}: which domains have a tree, what is in it, and moving. */
final class PathCommands {

  /** More than clients hold in one directory; a reply of about a megabyte. */
  private static final int MOST_ENTRIES = 10_000;

  private final PathStore paths;

  PathCommands(PathStore paths) {
    this.paths = paths;
  }

  Map<String, PluginCommand> table() {
    return Map.of(
        "filepaths_enable", this::enable,
        "filepaths_disable", this::disable,
        "filepaths_list_directory", this::list,
        "filepaths_rename", this::rename);
  }

  private Reply enable(DomainRequest request) {
    paths.enable(request.domain().id());
    return Reply.ok().build();
  }

  private Reply disable(DomainRequest request) {
    paths.disable(request.domain().id());
    return Reply.ok().build();
  }

  /**
   * Clients of the original send one argument, the path. With a second one the names after it are
   * listed, with a third at most so many.
   */
  private Reply list(DomainRequest request) {
    if (paths.find(request.domain().id(), FilePath.ROOT) instanceof Found.NoTree) {
      return inactive();
    }
    var directory = FilePath.ofDirectory(request.text("arg1"));
    if (directory.isEmpty()) {
      return Reply.err(BAD_PARAMS);
    }
    long asked = request.arguments().number("arg3");
    int limit = asked < 1 ? MOST_ENTRIES : (int) Math.min(asked, MOST_ENTRIES);
    return switch (paths.list(
        request.domain().id(), directory.get(), request.text("arg2"), limit + 1)) {
      case Listing.Entries(var entries) -> reply(entries, limit);
      case Listing.NoTree() -> inactive();
      case Listing.NotFound() -> notFound();
      case Listing.NotADirectory() ->
          new Reply.Err("not_a_directory", "Path provided is not a directory");
    };
  }

  private static Reply reply(List<Entry> entries, int limit) {
    var shown = entries.subList(0, Math.min(entries.size(), limit));
    var reply = Reply.ok().with("files", shown.size());
    int i = 0;
    for (var entry : shown) {
      var prefix = "file" + i;
      reply.with(prefix, entry.name());
      if (entry.length().isPresent()) {
        reply.with(prefix + ".type", "F").with(prefix + ".size", entry.length().getAsLong());
      } else {
        reply.with(prefix + ".type", "D");
      }
      i++;
    }
    if (entries.size() > limit) {
      reply.with("next_after", shown.getLast().name());
    }
    return reply.build();
  }

  private Reply rename(DomainRequest request) {
    if (paths.find(request.domain().id(), FilePath.ROOT) instanceof Found.NoTree) {
      return inactive();
    }
    if (request.arguments().number("argcount") != 2) {
      return new Reply.Err("bad_argcount", "");
    }
    var from = FilePath.ofFile(request.text("arg1"));
    var to = FilePath.ofFile(request.text("arg2"));
    if (from.isEmpty()) {
      return new Reply.Err("badly_formed_orig", "");
    }
    if (to.isEmpty()) {
      return new Reply.Err("badly_formed_new", "");
    }
    return switch (paths.move(request.domain().id(), from.get(), to.get())) {
      case MOVED -> Reply.ok().build();
      case NOT_FOUND -> notFound();
      case BLOCKED -> new Reply.Err("rename_failed", "Something is at the new path, or above it");
    };
  }

  private static Reply inactive() {
    return new Reply.Err("plugin_not_active_for_domain", "");
  }

  private static Reply notFound() {
    return new Reply.Err("path_not_found", "Path provided was not found in database");
  }
}
