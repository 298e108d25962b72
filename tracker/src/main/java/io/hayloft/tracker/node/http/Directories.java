package io.hayloft.tracker.node.http;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Makes the directories of replicas, for nodes that do not make them with the first write. What was
 * made is remembered for an hour, and so is a node that does not know how.
 */
final class Directories {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_DIRECTORIES = 50_000;
  private static final int MOST_NODES = 5_000;

  private final NodeHttp http;
  private final BooleanSupplier skip;
  private final Remembered made;
  private final Remembered unable;

  Directories(NodeHttp http, BooleanSupplier skip, Time time) {
    this.http = http;
    this.skip = skip;
    this.made = new Remembered(MOST_DIRECTORIES, HOUR, time);
    this.unable = new Remembered(MOST_NODES, HOUR, time);
  }

  /** Makes what is not known to be there; gives up quietly, as the write that follows will tell. */
  void make(Place place) {
    if (areMade(place)) {
      return;
    }
    var base = NodeHttp.base(place.host());
    var directories = place.path().directories();
    for (var directory : directories) {
      if (!make(base, directory)) {
        return;
      }
    }
  }

  /** Whether they are known to be there. */
  boolean areMade(Place place) {
    return made.contains(NodeHttp.base(place.host()) + place.path().directories().getLast());
  }

  /** To be called when a device refuses a write: it may be another disk by now, and empty. */
  void forget(String base, DeviceId device) {
    made.forget(base + "/" + device.directory() + "/");
  }

  /** Makes one directory; false when there is no point in making those within it. */
  boolean make(String base, String directory) {
    if (skip.getAsBoolean() || unable.contains(base)) {
      return false;
    }
    if (made.contains(base + directory)) {
      return true;
    }
    return switch (http.exchange("MKCOL", base + directory, Purpose.COMMAND)) {
      case Answer.Failed _ -> false;
      case Answer.Replied(var status, var _, var _) when status == 400 || status == 501 -> {
        unable.add(base);
        yield false;
      }
      case Answer.Replied replied -> {
        // 405 is how WebDAV says that it exists already.
        if (replied.isSuccess() || replied.status() == 405) {
          made.add(base + directory);
        }
        yield true;
      }
    };
  }
}
