package io.hayloft.client;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What trackers and nodes share: two nodes with a device each, and the names of the files. A file
 * is on as many nodes as {@code copies} says as soon as it is closed.
 */
final class FakeCluster implements AutoCloseable {

  record Upload(long fid, String key, String fileClass) {}

  record Stored(long fid, String fileClass, int length, String checksum, List<Integer> devices) {}

  final List<FakeNode> nodes = List.of(new FakeNode(), new FakeNode());
  final List<FakeTracker> trackers;
  final Map<Key, Stored> files = new TreeMap<>();
  final Map<Long, Upload> uploads = new HashMap<>();
  int copies = 1;
  int copiesAtClose = 0;
  boolean single;
  long lastFid;

  FakeCluster(int trackerCount) {
    var made = new ArrayList<FakeTracker>();
    for (int i = 0; i < trackerCount; i++) {
      made.add(new FakeTracker(this::handle));
    }
    trackers = List.copyOf(made);
  }

  FakeTracker tracker() {
    return trackers.get(0);
  }

  /** A file on both nodes, put there past the client. */
  Stored keep(String key, byte[] bytes, String checksum) {
    long fid = ++lastFid;
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).files().put(path(i + 1, fid), bytes);
    }
    var stored = new Stored(fid, "default", bytes.length, checksum, List.of(1, 2));
    synchronized (this) {
      files.put(Key.utf8(key), stored);
    }
    return stored;
  }

  static String path(int device, long fid) {
    return new ReplicaPath(new DeviceId(device), new Fid(fid)).toString();
  }

  String url(int device, long fid) {
    return nodes.get(device - 1).url(path(device, fid));
  }

  synchronized Optional<Stored> stored(String key) {
    return Optional.ofNullable(files.get(Key.utf8(key)));
  }

  synchronized Reply handle(Request request) {
    var args = request.arguments();
    return switch (request.command()) {
      case "create_open" -> open(request);
      case "create_close" -> close(request);
      case "get_paths" -> paths(new Key(args.text("key")));
      case "file_info" -> info(new Key(args.text("key")));
      case "delete" ->
          files.remove(new Key(args.text("key"))) == null
              ? Reply.err(ErrorCode.UNKNOWN_KEY)
              : Reply.ok().build();
      case "rename" -> rename(new Key(args.text("from_key")), new Key(args.text("to_key")));
      case "updateclass" -> updateClass(new Key(args.text("key")), args.text("class"));
      case "list_keys" -> list(args.text("prefix"), args.text("after"), (int) args.number("limit"));
      case "noop" -> Reply.ok().build();
      default -> Reply.err(ErrorCode.UNKNOWN_COMMAND);
    };
  }

  private Reply open(Request request) {
    var args = request.arguments();
    if (args.text("class").equals("nope")) {
      return Reply.err(ErrorCode.UNREG_CLASS);
    }
    long fid = ++lastFid;
    uploads.put(fid, new Upload(fid, args.text("key"), args.text("class")));
    if (single) {
      return Reply.ok().with("fid", fid).with("devid", 1).with("path", url(1, fid)).build();
    }
    return Reply.ok()
        .with("dev_count", 2)
        .with("fid", fid)
        .with("devid_1", 1)
        .with("path_1", url(1, fid))
        .with("devid_2", 2)
        .with("path_2", url(2, fid))
        .build();
  }

  private Reply close(Request request) {
    var args = request.arguments();
    long fid = args.number("fid");
    int device = (int) args.number("devid");
    if (!args.text("path").equals(url(device, fid))) {
      return Reply.err(ErrorCode.BOGUS_ARGS);
    }
    var upload = uploads.remove(fid);
    if (upload == null) {
      return Reply.err(ErrorCode.NO_TEMP_FILE);
    }
    if (args.text("key").isEmpty()) {
      return Reply.ok().build();
    }
    var bytes = nodes.get(device - 1).files().get(path(device, fid));
    if (bytes == null) {
      return Reply.err(ErrorCode.SIZE_VERIFY_ERROR, "Expected something (missing)");
    }
    if (args.flag("size") && args.number("size") != bytes.length) {
      return Reply.err(ErrorCode.SIZE_MISMATCH, "another size");
    }
    var devices = copies > 1 ? List.of(1, 2) : List.of(device);
    if (copies > 1) {
      nodes.forEach(node -> node.files().put(path(nodes.indexOf(node) + 1, fid), bytes));
    }
    files.put(
        new Key(args.text("key")),
        new Stored(fid, upload.fileClass(), bytes.length, args.text("checksum"), devices));
    return Reply.ok().build();
  }

  private Reply paths(Key key) {
    var file = files.get(key);
    if (file == null) {
      return Reply.err(ErrorCode.UNKNOWN_KEY);
    }
    var reply = Reply.ok().with("paths", file.devices().size());
    for (int i = 0; i < file.devices().size(); i++) {
      reply.with("path" + (i + 1), url(file.devices().get(i), file.fid()));
    }
    return reply.build();
  }

  private Reply info(Key key) {
    var file = files.get(key);
    if (file == null) {
      return Reply.err(ErrorCode.UNKNOWN_KEY);
    }
    var reply =
        Reply.ok()
            .with("fid", file.fid())
            .with("domain", "photos")
            .with("class", file.fileClass().isEmpty() ? "default" : file.fileClass())
            .with("key", key.wire())
            .with("length", file.length())
            .with("devcount", copiesAtClose > 0 ? copiesAtClose : file.devices().size())
            .with(
                "devids", String.join(",", file.devices().stream().map(String::valueOf).toList()));
    if (!file.checksum().isEmpty()) {
      reply.with("checksum", file.checksum());
    }
    return reply.build();
  }

  private Reply rename(Key from, Key to) {
    if (!files.containsKey(from)) {
      return Reply.err(ErrorCode.UNKNOWN_KEY);
    }
    if (files.containsKey(to)) {
      return Reply.err(ErrorCode.KEY_EXISTS);
    }
    files.put(to, files.remove(from));
    return Reply.ok().build();
  }

  private Reply updateClass(Key key, String fileClass) {
    var file = files.get(key);
    if (file == null) {
      return Reply.err(ErrorCode.INVALID_KEY);
    }
    files.put(
        key, new Stored(file.fid(), fileClass, file.length(), file.checksum(), file.devices()));
    return Reply.ok().build();
  }

  private Reply list(String prefix, String after, int limit) {
    var keys =
        files.keySet().stream()
            .map(Key::wire)
            .filter(key -> key.startsWith(prefix) && key.compareTo(after) > 0)
            .limit(limit)
            .toList();
    if (keys.isEmpty()) {
      return Reply.err(ErrorCode.NONE_MATCH);
    }
    var reply = Reply.ok().with("key_count", keys.size());
    for (int i = 0; i < keys.size(); i++) {
      reply.with("key_" + (i + 1), keys.get(i));
    }
    return reply.with("next_after", keys.get(keys.size() - 1)).build();
  }

  @Override
  public void close() {
    trackers.forEach(FakeTracker::close);
    nodes.forEach(FakeNode::close);
  }
}
