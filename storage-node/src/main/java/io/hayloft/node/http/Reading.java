package io.hayloft.node.http;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore.Found;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.OpenBlob;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.protocol.DeviceId;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * GET and HEAD. A file that is open and lately read is answered at once by the thread that read the
 * request; for all else that thread hands over, since it would have to wait for a disk.
 *
 * <p>HEAD always looks at the filesystem: trackers ask it to find out whether a file is still
 * there, and somebody may have removed it behind the node's back.
 */
final class Reading {

  private static final HttpField RANGES =
      new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes");
  private static final HttpField BYTES =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/octet-stream");
  private static final HttpField TEXT =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain");

  private static final String NO_LISTING = "Directory listing disabled.";

  private final Disks disks;

  Reading(Disks disks) {
    this.disks = disks;
  }

  void handle(Exchange exchange) {
    switch (RequestPath.forReading(exchange.path())) {
      case RequestPath.InDevice(var path) -> read(exchange, path);
      case RequestPath.DeviceRoot(var device) ->
          onLane(exchange, device, () -> answerRoot(exchange, device));
      case RequestPath.Root() -> exchange.answer(HttpStatus.OK_200, NO_LISTING);
      case RequestPath.Nowhere() -> missing(exchange);
      case RequestPath.Climbing() ->
          exchange.answer(HttpStatus.FORBIDDEN_403, "A path must not contain '..'.");
      case RequestPath.Malformed(var reason) -> exchange.answer(HttpStatus.BAD_REQUEST_400, reason);
    }
  }

  private void read(Exchange exchange, BlobPath path) {
    exchange.course().on(path.device());
    boolean looks = exchange.isHead() || ReprDigest.isWanted(exchange.request().getHeaders());
    var open = looks ? Optional.<OpenBlob>empty() : disks.openBlobs().current(path);
    if (open.isEmpty()) {
      onLane(exchange, path.device(), () -> openAndAnswer(exchange, path));
    } else if (!Body.blocks(open.get())) {
      answer(exchange, path, open.get());
    } else if (!offer(exchange, path.device(), () -> answer(exchange, path, open.get()))) {
      open.get().release();
      refuse(exchange, path.device());
    }
  }

  private void onLane(Exchange exchange, DeviceId device, Runnable work) {
    if (!offer(exchange, device, work)) {
      refuse(exchange, device);
    }
  }

  private boolean offer(Exchange exchange, DeviceId device, Runnable work) {
    exchange.course().enter(Phase.QUEUE);
    return disks
        .lanes()
        .offer(
            device,
            () -> {
              exchange.course().enter(Phase.DISK);
              work.run();
            });
  }

  private static void refuse(Exchange exchange, DeviceId device) {
    exchange.answerBusy("Too much waits for dev" + device + " already.");
  }

  private void answerRoot(Exchange exchange, DeviceId device) {
    if (disks.docroot().has(device)) {
      exchange.answer(HttpStatus.OK_200, NO_LISTING);
    } else {
      missing(exchange);
    }
  }

  private void openAndAnswer(Exchange exchange, BlobPath path) {
    try {
      switch (disks.store().open(path)) {
        case Found.File(var blob) -> {
          tellDigest(exchange, path, blob);
          answer(exchange, path, blob);
        }
        case Found.Directory() -> exchange.answer(HttpStatus.OK_200, NO_LISTING);
        case Found.Nothing() -> missing(exchange);
      }
    } catch (DiskException e) {
      disks.complaints().report(path.device(), e, path.text());
      exchange.refuse(e);
    }
  }

  /**
   * Those who ask are told what the disk says now, others what it said when the file was opened.
   */
  private void tellDigest(Exchange exchange, BlobPath path, OpenBlob blob) throws DiskException {
    if (ReprDigest.isWanted(exchange.request().getHeaders())) {
      disks
          .store()
          .look(path)
          .filter(look -> look.length() == blob.size())
          .ifPresent(
              look ->
                  look.crc32c()
                      .ifPresent(crc -> ReprDigest.tell(exchange.response().getHeaders(), crc)));
    }
  }

  private static void missing(Exchange exchange) {
    exchange.answer(HttpStatus.NOT_FOUND_404, "There is no such file.");
  }

  /** Takes over the holding of the blob. */
  private static void answer(Exchange exchange, BlobPath path, OpenBlob blob) {
    exchange.course().enter(Phase.CPU);
    var validators = Validators.of(blob);
    var headers = exchange.response().getHeaders();
    headers.put(RANGES);
    headers.put(HttpHeader.LAST_MODIFIED, validators.lastModified());
    headers.put(HttpHeader.ETAG, validators.tag());
    var request = exchange.request().getHeaders();
    if (validators.isKnownTo(request)) {
      blob.release();
      exchange.answerEmpty(HttpStatus.NOT_MODIFIED_304);
      return;
    }
    headers.put(contentType(path));
    ReprDigest.tell(headers, blob);
    var wanted = request.get(HttpHeader.RANGE);
    var range =
        wanted == null || exchange.isHead() || !validators.allowRange(request)
            ? new ByteRange.Whole()
            : ByteRange.parse(wanted, blob.size());
    switch (range) {
      case ByteRange.Whole() -> send(exchange, blob, new ByteRange.Part(0, blob.size()));
      case ByteRange.Part part -> {
        exchange.response().setStatus(HttpStatus.PARTIAL_CONTENT_206);
        headers.put(HttpHeader.CONTENT_RANGE, contentRange(part, blob));
        send(exchange, blob, part);
      }
      case ByteRange.Unsatisfiable() -> {
        headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + blob.size());
        blob.release();
        exchange.answer(
            HttpStatus.RANGE_NOT_SATISFIABLE_416, "The file has no bytes in that range.");
      }
    }
  }

  private static String contentRange(ByteRange.Part part, OpenBlob blob) {
    return "bytes " + part.from() + "-" + (part.from() + part.length() - 1) + "/" + blob.size();
  }

  private static void send(Exchange exchange, OpenBlob blob, ByteRange.Part part) {
    exchange.response().getHeaders().put(HttpHeader.CONTENT_LENGTH, part.length());
    if (exchange.isHead() || part.length() == 0) {
      blob.release();
      exchange.write(null, exchange.callback());
    } else {
      exchange.course().bytes(part.length());
      new Body(exchange, blob, part).iterate();
    }
  }

  /** Replicas have no type of their own; what is meant for people is text. */
  private static HttpField contentType(BlobPath path) {
    return isText(path.text()) ? TEXT : BYTES;
  }

  static boolean isText(String path) {
    return path.endsWith("/usage") || path.endsWith(".txt");
  }
}
