package io.hayloft.client;

import io.hayloft.client.HayloftException.Origin;
import io.hayloft.client.net.NodeHttp;
import io.hayloft.client.net.Upload;
import io.hayloft.client.net.World;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores files: asks a tracker where to, sends the bytes to the first storage node that takes them,
 * and has the tracker give them their name.
 *
 * <p>What may be repeated, and why:
 *
 * <ul>
 *   <li>{@code create_open} always: an upload nobody closes is thrown away by the tracker.
 *   <li>Sending the bytes, as often as they can be read: nobody sees them before the close.
 *   <li>{@code create_close}, because it uses up the upload: a second one of the same fid is
 *       refused with {@code no_temp_file}. If that is the answer after a lost one, the first may
 *       have been it, and {@code file_info} says so: the key then has our fid, which nobody else
 *       can have.
 *   <li>The whole upload with a new fid, when the first certainly failed.
 * </ul>
 */
final class Uploads {

  private static final Logger log = LoggerFactory.getLogger(Uploads.class);

  /** How often, and with which growing pauses, to look for a file whose close got no answer. */
  private static final int LOOKS = 6;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final Trackers trackers;
  private final NodeHttp nodes;
  private final Namespace names;
  private final Lookups lookups;
  private final Settings settings;

  /** The part of the client's settings that matters here. */
  record Settings(Limits limits, World world) {}

  Uploads(Trackers trackers, NodeHttp nodes, Namespace names, Lookups lookups, Settings settings) {
    this.trackers = trackers;
    this.nodes = nodes;
    this.names = names;
    this.lookups = lookups;
    this.settings = settings;
  }

  private record Destination(DeviceId device, URI url) {}

  private record Opened(Fid fid, List<Destination> destinations) {}

  private record Sent(Destination destination, MeteredStream bytes) {}

  Stored store(Key key, Source source, StoreOptions options) throws IOException {
    try {
      var bytes = source.held(settings.limits().heldBytes());
      for (int attempt = 1; ; attempt++) {
        var opened = open(key, bytes, options);
        try {
          return sendAndClose(key, opened, bytes, options);
        } catch (OutcomeUnknownException e) {
          throw e;
        } catch (HayloftException e) {
          cancel(opened);
          if (!e.isRetryable() || !bytes.readable() || attempt >= settings.limits().uploads()) {
            throw e;
          }
          log.info("storing {} again after: {}", names.subject(key), e.getMessage());
        } catch (SourceFailedException e) {
          cancel(opened);
          throw e;
        }
      }
    } catch (SourceFailedException e) {
      throw e.reason();
    }
  }

  private Opened open(Key key, Source source, StoreOptions options) throws IOException {
    var call =
        names
            .zoned(names.read("create_open"))
            .with("key", key.wire())
            .with("multi_dest", 1)
            .with("fid", 0);
    // The tracker's own spelling for a domain's default class is no class at all.
    var fileClass = options.fileClass().or(names::fileClass).filter(c -> !c.equals("default"));
    if (fileClass.isPresent()) {
      call = call.withText("class", fileClass.get());
    }
    if (source.length().isPresent()) {
      call = call.with("size", source.length().getAsLong());
    }
    var fields = Refusals.fields(call, trackers.call(call), names.subject(key));
    var destinations = new ArrayList<Destination>();
    if (fields.has("dev_count")) {
      int count = fields.small("dev_count");
      for (int i = 1; i <= count; i++) {
        destinations.add(new Destination(fields.device("devid_" + i), fields.url("path_" + i)));
      }
    } else {
      destinations.add(new Destination(fields.device("devid"), fields.url("path")));
    }
    if (destinations.isEmpty()) {
      throw fields.wrong("dev_count", new IllegalStateException("no destination"));
    }
    return new Opened(fields.fid("fid"), destinations);
  }

  private Stored sendAndClose(Key key, Opened opened, Source source, StoreOptions options)
      throws IOException {
    var sent = send(key, opened, source, options);
    var checksum = sent.bytes().checksum();
    var call =
        closing(opened, sent.destination())
            .guarded()
            .with("key", key.wire())
            .with("size", sent.bytes().count());
    if (checksum.isPresent()) {
      call = call.with("checksum", checksum.get().toString());
    }
    if (options.checksumVerified()) {
      call = call.with("checksumverify", 1);
    }
    if (options.mincopies() > 1) {
      call = call.with("mincopies", options.mincopies());
    }
    if (options.checksumVerified() || options.mincopies() > 1) {
      call = call.slow();
    }
    close(key, opened.fid(), call, options);
    return new Stored(key, opened.fid(), sent.bytes().count(), checksum);
  }

  private Sent send(Key key, Opened opened, Source source, StoreOptions options)
      throws IOException {
    var failures = new ArrayList<String>();
    for (var destination : opened.destinations()) {
      if (!source.readable()) {
        break;
      }
      try {
        return sendTo(destination, source, options);
      } catch (InterruptedIOException e) {
        throw new HayloftException(
            "storing " + names.subject(key) + " was given up: the thread was interrupted",
            Origin.NONE,
            false,
            e);
      } catch (SourceFailedException e) {
        throw e;
      } catch (IOException e) {
        log.info("{} does not take fid {}: {}", destination.url(), opened.fid(), e.getMessage());
        failures.add(destination.url() + ": " + e.getMessage());
      }
    }
    boolean again = source.readable();
    throw new HayloftException(
        "no storage node took "
            + names.subject(key)
            + " ("
            + String.join("; ", failures)
            + "). "
            + (again
                ? "See whether the nodes run and have space"
                : "Its bytes came from a stream that cannot be read again: store it from a file"),
        Origin.NONE,
        again);
  }

  private Sent sendTo(Destination destination, Source source, StoreOptions options)
      throws IOException {
    try (var bytes = metered(source, options)) {
      var upload = new Upload(bytes, source.length(), source.once());
      try (var reply = nodes.put(destination.url(), upload)) {
        if (!reply.success()) {
          throw new IOException("HTTP status " + reply.status());
        }
        reply.drain();
        return new Sent(destination, bytes);
      }
    }
  }

  private static MeteredStream metered(Source source, StoreOptions options)
      throws SourceFailedException {
    try {
      return new MeteredStream(source.open(), source.length(), options);
    } catch (IOException e) {
      throw new SourceFailedException(e);
    }
  }

  private Call closing(Opened opened, Destination destination) {
    return names
        .zoned(names.change("create_close"))
        .with("fid", opened.fid().value())
        .with("devid", destination.device().value())
        .with("path", destination.url().toString());
  }

  private void close(Key key, Fid fid, Call call, StoreOptions options) throws HayloftException {
    HayloftException lost;
    try {
      var answer = trackers.call(call);
      boolean usedUp = Refusals.code(answer).equals(Optional.of(ErrorCode.NO_TEMP_FILE));
      if (!usedUp || !answer.doubtful()) {
        Refusals.fields(call, answer, names.subject(key));
        return;
      }
      lost = Refusals.exception(call, answer, names.subject(key));
    } catch (OutcomeUnknownException e) {
      lost = e;
    }
    if (!foundStored(key, fid, options)) {
      throw new OutcomeUnknownException(
          "whether "
              + names.subject(key)
              + " was stored as fid "
              + fid
              + " is not known, because the answer to its close is lost ("
              + lost.getMessage()
              + "). Look at the key, or store the file again",
          new Origin(call.command(), lost.tracker().orElse(""), ""),
          true,
          lost);
    }
  }

  /** Whether the key has our fid, and enough copies: then the close whose answer is lost was it. */
  private boolean foundStored(Key key, Fid fid, StoreOptions options) {
    var pause = FIRST_PAUSE;
    for (int look = 0; look < LOOKS; look++) {
      try {
        if (look > 0) {
          settings.world().pause(pause);
          pause = pause.multipliedBy(2);
        }
        var info = lookups.info(key, false);
        if (info.isPresent()
            && info.get().fid().equals(fid)
            && info.get().copies().count() >= options.mincopies()) {
          return true;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (HayloftException unseen) {
        log.debug("could not look whether fid {} was stored", fid, unseen);
      }
    }
    return false;
  }

  /** Tells the tracker to forget an upload. Should this fail, it does so by itself in an hour. */
  private void cancel(Opened opened) {
    try {
      trackers.call(closing(opened, opened.destinations().get(0)));
    } catch (HayloftException e) {
      log.debug("could not cancel the upload of fid {}", opened.fid(), e);
    }
  }
}
