package io.hayloft.node.http;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.RequestPath;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpStatus;

/** The methods that change files: PUT, DELETE, MKCOL and MOVE. */
final class Changing {

  private static final String OCCUPIED = "Too much waits for the disk already.";

  private final Disks disks;
  private final int uploadLimit;
  private final Semaphore uploads;
  private final BooleanSupplier mayHold;

  /**
   * @param uploadLimit how many PUTs may be under way at a time
   * @param mayHold whether there is memory for bytes that wait for more to be written together
   */
  Changing(Disks disks, int uploadLimit, BooleanSupplier mayHold) {
    this.disks = disks;
    this.mayHold = mayHold;
    this.uploadLimit = uploadLimit;
    this.uploads = new Semaphore(uploadLimit);
  }

  /** How many PUTs are under way. */
  int uploadsUnderWay() {
    return uploadLimit - uploads.availablePermits();
  }

  /** Takes the place of one upload; false when there is none. */
  boolean beginUpload() {
    return uploads.tryAcquire();
  }

  /** Gives it back. */
  void endUpload() {
    uploads.release();
  }

  /** A change of a file, run where waiting for the disk is allowed. */
  @FunctionalInterface
  private interface Change {
    void run() throws DiskException;
  }

  void put(Exchange exchange) {
    var path = located(exchange, exchange.path());
    if (path.isEmpty()) {
      return;
    }
    switch (PutHeaders.read(exchange.request().getHeaders())) {
      case PutHeaders.Read.Malformed(var reason) ->
          exchange.refuse(HttpStatus.BAD_REQUEST_400, reason);
      case PutHeaders.Read.Understood(var headers) -> put(exchange, path.get(), headers);
    }
  }

  private void put(Exchange exchange, BlobPath path, PutHeaders headers) {
    exchange.course().on(path.device());
    if (!beginUpload()) {
      exchange.refuseBusy("Too many uploads are under way.");
      return;
    }
    var put = new PutRequest(exchange, disks, path, headers, mayHold, this::endUpload);
    exchange.course().enter(Phase.QUEUE);
    if (!disks.lanes().offer(path.device(), put)) {
      endUpload();
      exchange.refuseBusy(OCCUPIED);
    }
  }

  void delete(Exchange exchange) {
    located(exchange, exchange.path().replaceAll("/{2,}", "/"))
        .ifPresent(path -> onLane(exchange, path, () -> delete(exchange, path)));
  }

  private void delete(Exchange exchange, BlobPath path) throws DiskException {
    switch (disks.store().delete(path)) {
      case DONE -> exchange.answerEmpty(HttpStatus.NO_CONTENT_204);
      case MISSING -> exchange.refuse(HttpStatus.NOT_FOUND_404, "There is no such file.");
      case DIRECTORY -> exchange.refuse(HttpStatus.BAD_REQUEST_400, "A directory is not deleted.");
    }
  }

  void makeDirectory(Exchange exchange) {
    var raw = exchange.path();
    var path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    located(exchange, path)
        .ifPresent(located -> onLane(exchange, located, () -> makeDirectory(exchange, located)));
  }

  private void makeDirectory(Exchange exchange, BlobPath path) throws DiskException {
    switch (disks.store().makeDirectory(path)) {
      case DONE -> exchange.refuse(HttpStatus.CREATED_201, "");
      case EXISTS -> exchange.refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "It is there already.");
      case NO_PARENT -> {
        boolean known = disks.docroot().has(path.device());
        exchange.refuse(
            known ? HttpStatus.CONFLICT_409 : HttpStatus.NOT_FOUND_404,
            "The directory above it does not exist.");
      }
    }
  }

  void move(Exchange exchange) {
    var destination = destination(exchange);
    if (destination.isEmpty()) {
      exchange.refuse(HttpStatus.BAD_REQUEST_400, "MOVE needs a Destination.");
      return;
    }
    var from = located(exchange, exchange.path());
    var to = from.isEmpty() ? from : located(exchange, destination.get());
    if (to.isEmpty()) {
      return;
    }
    if (!from.get().device().equals(to.get().device())) {
      exchange.refuse(HttpStatus.NOT_IMPLEMENTED_501, "A file is not moved between devices.");
      return;
    }
    if (from.equals(to)) {
      exchange.refuse(HttpStatus.FORBIDDEN_403, "A file is not moved onto itself.");
      return;
    }
    onLane(exchange, from.get(), () -> move(exchange, from.get(), to.get()));
  }

  private static Optional<String> destination(Exchange exchange) {
    var header = exchange.request().getHeaders().get("Destination");
    if (header == null || header.startsWith("/")) {
      return Optional.ofNullable(header);
    }
    try {
      return Optional.ofNullable(URI.create(header).getRawPath());
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private void move(Exchange exchange, BlobPath from, BlobPath to) throws DiskException {
    boolean overwrite = !"F".equalsIgnoreCase(exchange.request().getHeaders().get("Overwrite"));
    switch (disks.store().move(from, to, overwrite)) {
      case TO_NEW_NAME -> exchange.refuse(HttpStatus.CREATED_201, "");
      case OVER_ANOTHER -> exchange.answerEmpty(HttpStatus.NO_CONTENT_204);
      case MISSING -> exchange.refuse(HttpStatus.NOT_FOUND_404, "There is no such file.");
      case EXISTS ->
          exchange.refuse(HttpStatus.PRECONDITION_FAILED_412, "There is a file of that name.");
    }
  }

  /** The place to change; empty after the request has been refused. */
  private static Optional<BlobPath> located(Exchange exchange, String path) {
    return switch (RequestPath.forWriting(path)) {
      case RequestPath.InDevice(var blob) -> Optional.of(blob);
      case RequestPath.DeviceRoot _, RequestPath.Root _, RequestPath.Nowhere _ -> {
        exchange.refuse(HttpStatus.NOT_FOUND_404, "There is no such device.");
        yield Optional.empty();
      }
      case RequestPath.Climbing _ -> {
        exchange.refuse(HttpStatus.BAD_REQUEST_400, "A path must not contain '..'.");
        yield Optional.empty();
      }
      case RequestPath.Malformed(var reason) -> {
        exchange.refuse(HttpStatus.BAD_REQUEST_400, reason);
        yield Optional.empty();
      }
    };
  }

  private void onLane(Exchange exchange, BlobPath path, Change change) {
    exchange.course().on(path.device());
    exchange.course().enter(Phase.QUEUE);
    Runnable work =
        () -> {
          exchange.course().enter(Phase.DISK);
          try {
            change.run();
          } catch (DiskException e) {
            disks.complaints().report(path.device(), e, path.text());
            exchange.refuse(e);
          }
        };
    if (!disks.lanes().offer(path.device(), work)) {
      exchange.refuseBusy(OCCUPIED);
    }
  }
}
