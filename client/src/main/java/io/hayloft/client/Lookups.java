package io.hayloft.client;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.ReplicaPath;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions about files. None of them changes anything, so all may be repeated. */
final class Lookups {

  /** More than any class keeps copies; the tracker names as many as there are. */
  static final int ALL_PATHS = 16;

  /** How often a file may be replaced between two questions before the look-up gives up. */
  private static final int REPLACED = 3;

  private final Trackers trackers;
  private final Namespace names;

  Lookups(Trackers trackers, Namespace names) {
    this.trackers = trackers;
    this.names = names;
  }

  /**
   * Where a file's bytes can be had, and what they must be.
   *
   * @param fid of the content; all paths belong to it
   */
  record Located(Key key, Fid fid, long length, Optional<Checksum> checksum, List<URI> paths) {
    Located {
      paths = List.copyOf(paths);
    }

    Located paths(List<URI> others) {
      return new Located(key, fid, length, checksum, others);
    }
  }

  Optional<FileInfo> info(Key key, boolean devices) throws HayloftException {
    var call = names.read("file_info").with("key", key.wire());
    if (devices) {
      call = call.with("devices", 1);
    }
    var answer = trackers.call(call);
    if (Refusals.code(answer).equals(Optional.of(ErrorCode.UNKNOWN_KEY))) {
      return Optional.empty();
    }
    return Optional.of(fileInfo(Refusals.fields(call, answer, names.subject(key)), "", key));
  }

  static FileInfo fileInfo(Fields fields, String prefix, Key key) throws HayloftException {
    return new FileInfo(
        new FileInfo.Name(fields.text(prefix + "domain"), key, fields.text(prefix + "class")),
        fields.fid(prefix + "fid"),
        fields.number(prefix + "length"),
        new FileInfo.Copies(fields.small(prefix + "devcount"), fields.devices(prefix + "devids")),
        fields.checksum(prefix + "checksum"));
  }

  List<URI> paths(Key key, PathOptions options) throws HayloftException {
    return paths(askPaths(key, options));
  }

  private Fields askPaths(Key key, PathOptions options) throws HayloftException {
    var call =
        names
            .zoned(names.read("get_paths").with("key", key.wire()))
            .with("noverify", options.verified() ? 0 : 1)
            .with("pathcount", options.count());
    return Refusals.fields(call, trackers.call(call), names.subject(key));
  }

  private static List<URI> paths(Fields fields) throws HayloftException {
    var paths = new ArrayList<URI>();
    int count = fields.small("paths");
    for (int i = 1; i <= count; i++) {
      paths.add(fields.url("path" + i));
    }
    return List.copyOf(paths);
  }

  /**
   * Finds a file's copies and what they must be. The two are asked for one after the other, so it
   * is checked that both answers speak of the same content.
   *
   * @param verified whether the tracker shall look at a copy itself, which costs time
   */
  Located locate(Key key, boolean verified) throws HayloftException {
    var options = new PathOptions(verified, ALL_PATHS);
    for (int i = 0; i < REPLACED; i++) {
      var paths = paths(askPaths(key, options));
      var info = info(key, false);
      if (info.isEmpty()) {
        throw missing(key);
      }
      var fid = info.get().fid();
      if (paths.stream().allMatch(path -> belongs(path, fid))) {
        return new Located(key, fid, info.get().length(), info.get().checksum(), paths);
      }
    }
    throw new HayloftException(
        names.subject(key) + " is being replaced over and over; try again",
        HayloftException.Origin.of("get_paths"),
        true);
  }

  /** Whether a path is a copy of that content; one that does not tell is believed. */
  private static boolean belongs(URI path, Fid fid) {
    return ReplicaPath.parse(path.getPath()).map(replica -> replica.fid().equals(fid)).orElse(true);
  }

  FileMissingException missing(Key key) {
    return new FileMissingException(
        "there is no file of " + names.subject(key),
        new HayloftException.Origin("file_info", "", ErrorCode.UNKNOWN_KEY.wire()));
  }

  String subject(Key key) {
    return names.subject(key);
  }

  /**
   * Part of a list of keys.
   *
   * @param next where to go on; empty when this was the last part
   */
  record Page(List<Key> keys, Optional<Key> next) {
    Page {
      keys = List.copyOf(keys);
    }
  }

  /** The keys with that prefix after that one, in ascending order, at most {@code limit}. */
  Page keys(String prefix, Optional<Key> after, int limit) throws HayloftException {
    var call = names.read("list_keys").with("prefix", prefix).with("limit", limit);
    if (after.isPresent()) {
      call = call.with("after", after.get().wire());
    }
    var answer = trackers.call(call);
    if (Refusals.code(answer).equals(Optional.of(ErrorCode.NONE_MATCH))) {
      return new Page(List.of(), Optional.empty());
    }
    var fields = Refusals.fields(call, answer, "domain " + names.domain());
    var keys = new ArrayList<Key>();
    int count = fields.small("key_count");
    for (int i = 1; i <= count; i++) {
      keys.add(fields.key("key_" + i));
    }
    if (count < limit) {
      return new Page(keys, Optional.empty());
    }
    var next = fields.key("next_after");
    // A page that does not lead on would be asked for again and again.
    if (after.isPresent() && next.compareTo(after.get()) <= 0) {
      throw fields.wrong("next_after", new IllegalStateException("the list does not advance"));
    }
    return new Page(keys, Optional.of(next));
  }
}
