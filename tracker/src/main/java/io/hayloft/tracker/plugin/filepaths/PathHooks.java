package io.hayloft.tracker.plugin.filepaths;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.FilePath;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.plugin.DomainRequest;
import io.hayloft.tracker.plugin.Hooks;
import io.hayloft.tracker.plugin.Opinion;
import io.hayloft.tracker.plugin.PluginCommand;
import io.hayloft.tracker.store.PathStore;
import io.hayloft.tracker.store.PathStore.Found;
import io.hayloft.tracker.store.PathStore.Naming;
import java.util.Map;
import java.util.function.Function;

/**
 * Turns paths into keys. In a domain with a tree a file has the key {@code fid:<number>}, and the
 * tree says which file a path stands for. So a file can be replaced or moved in the tree without
 * its row being touched, and uploads of one path never meet before they are closed.
 *
 * <p>A file that was stored before its domain had a tree is still found by its key, if that begins
 * with a slash; a path in the tree comes first.
 */
final class PathHooks implements Hooks {

  static final String NOT_A_PATH =
      "The keys of this domain are absolute paths, as in /2026/one.jpg";

  /** How the path of a request comes to the hooks that are called after it. */
  private static final String PATH = "logical_path";

  private static final String KEY = "key";

  private final PathStore paths;

  PathHooks(PathStore paths) {
    this.paths = paths;
  }

  @Override
  public Map<String, PluginCommand> commands() {
    return new PathCommands(paths).table();
  }

  /** The path is not noted with the upload: it may be longer than a key. */
  @Override
  public Opinion createOpen(DomainRequest request) {
    return inTree(request, found -> Opinion.rewritten(request.without(KEY)));
  }

  /** A close without a key gives the upload up; there is no path then either. */
  @Override
  public Opinion createClose(DomainRequest request) {
    if (request.text(KEY).isEmpty() || request.text("fid").isEmpty()) {
      return Opinion.none();
    }
    return inTree(
        request,
        found ->
            found instanceof Found.Directory
                ? Opinion.veto("That path is a directory")
                : Opinion.rewritten(
                    request.with(PATH, request.text(KEY)).with(KEY, "fid:" + request.text("fid"))));
  }

  @Override
  public boolean fileStored(DomainRequest request, StoredFile file) {
    if (request.text(PATH).isEmpty()) {
      return true;
    }
    return FilePath.ofFile(request.text(PATH))
        .map(path -> paths.name(request.domain().id(), path, file.fid()))
        .filter(Naming.Named.class::isInstance)
        .isPresent();
  }

  @Override
  public Opinion getPaths(DomainRequest request) {
    return toKey(request);
  }

  @Override
  public Opinion fileInfo(DomainRequest request) {
    return toKey(request);
  }

  @Override
  public Opinion fileDebug(DomainRequest request) {
    return toKey(request);
  }

  @Override
  public Opinion updateClass(DomainRequest request) {
    return toKey(request);
  }

  @Override
  public Opinion delete(DomainRequest request) {
    return toKey(request);
  }

  /** Only now: were the name forgotten first, a crash could leave a file that nobody can name. */
  @Override
  public void fileDeleted(DomainRequest request) {
    var key = request.text(KEY);
    if (key.matches("fid:[0-9]{1,18}")) {
      FilePath.ofFile(request.text(PATH))
          .ifPresent(
              path ->
                  paths.forget(
                      request.domain().id(), path, new Fid(Long.parseLong(key.substring(4)))));
    }
  }

  private static String key(Fid fid) {
    return "fid:" + fid;
  }

  private Opinion toKey(DomainRequest request) {
    if (request.text(KEY).isEmpty()) {
      return Opinion.none();
    }
    return inTree(
        request,
        found ->
            found instanceof Found.File(var fid)
                ? Opinion.rewritten(request.with(PATH, request.text(KEY)).with(KEY, key(fid)))
                : Opinion.none());
  }

  /** Asks what a request's key stands for, where its domain has a tree. */
  private Opinion inTree(DomainRequest request, Function<Found, Opinion> then) {
    var path = FilePath.ofFile(request.text(KEY));
    var found = paths.find(request.domain().id(), path.orElse(FilePath.ROOT));
    if (found instanceof Found.NoTree) {
      // A client may send an argument of that name; it shall mean nothing.
      return request.arguments().has(PATH)
          ? Opinion.rewritten(request.without(PATH))
          : Opinion.none();
    }
    return path.isEmpty() ? Opinion.veto(NOT_A_PATH) : then.apply(found);
  }
}
