package io.hayloft.node.http;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Upload;
import io.hayloft.node.http.BodyPieces.Got;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PUT. It runs on a lane of its disk while there are bytes to write and leaves it while the
 * client is slow, so that slow clients cost a temporary file each but no thread. It answers only
 * after the bytes are durable; if the client breaks off, nothing of them is left.
 */
final class PutRequest implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(PutRequest.class);

  private final Exchange exchange;
  private final Disks disks;
  private final BlobPath path;
  private final PutHeaders headers;
  private final Runnable atEnd;
  private final BooleanSupplier mayHold;
  private final BodyPieces pieces;

  /** What the network's thread has read for the disk's. */
  private @Nullable Got read;

  private @Nullable Upload upload;

  /**
   * @param mayHold whether there is memory for pieces that wait for more to be written together
   * @param atEnd run once, when no more of the disk is used
   */
  PutRequest(
      Exchange exchange,
      Disks disks,
      BlobPath path,
      PutHeaders headers,
      BooleanSupplier mayHold,
      Runnable atEnd) {
    this.exchange = exchange;
    this.disks = disks;
    this.path = path;
    this.headers = headers;
    this.mayHold = mayHold;
    this.atEnd = atEnd;
    this.pieces = new BodyPieces(exchange.request());
  }

  @Override
  public void run() {
    exchange.course().enter(Phase.DISK);
    try {
      var current = upload == null ? begin() : upload;
      if (current != null) {
        take(current);
      }
    } catch (DiskException e) {
      disks.complaints().report(path.device(), e, path.text());
      boolean begun = upload != null && upload.length() > 0;
      end();
      if (begun) {
        exchange.refuseAmid(e);
      } else {
        exchange.refuse(e);
      }
    } catch (RuntimeException e) {
      log.error("PUT {} failed in a way that was not foreseen", path, e);
      abandon(e);
    }
  }

  /** Null when there is nowhere to write to, which has been answered then. */
  private @Nullable Upload begin() throws DiskException {
    var begun = disks.store().upload(path, headers.md5().isPresent());
    if (begun.isEmpty()) {
      end();
      exchange.refuse(HttpStatus.NOT_FOUND_404, Exchange.noDevice(path.device()));
      return null;
    }
    upload = begun.get();
    return upload;
  }

  private void take(Upload current) throws DiskException {
    var got = read;
    read = null;
    while (true) {
      if (got == null) {
        exchange.course().enter(Phase.CPU);
        got = pieces.read();
      }
      if (got == Got.BROKEN_OFF) {
        abandon(pieces.failure());
        return;
      }
      exchange.course().enter(Phase.DISK);
      pieces.writeTo(current);
      if (got == Got.LAST) {
        finish(current);
        return;
      }
      if (got == Got.ALL_FOR_NOW) {
        awaitMore();
        return;
      }
      got = null;
    }
  }

  private void awaitMore() {
    exchange.course().enter(Phase.NETWORK);
    exchange
        .request()
        .demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::moreHasCome));
  }

  /** On the network's thread, which reads, but never touches the disk. */
  private void moreHasCome() {
    exchange.course().enter(Phase.CPU);
    try {
      var got = pieces.read();
      if (got == Got.ALL_FOR_NOW && mayHold.getAsBoolean()) {
        awaitMore();
        return;
      }
      read = got;
      exchange.course().enter(Phase.QUEUE);
      disks.lanes().resume(path.device(), this);
    } catch (RejectedExecutionException stopping) {
      abandon(stopping);
    } catch (RuntimeException e) {
      log.error("PUT {} failed in a way that was not foreseen", path, e);
      abandon(e);
    }
  }

  private void finish(Upload whole) throws DiskException {
    long announced = exchange.request().getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (announced >= 0 && announced != whole.length()) {
      refuseRead(
          HttpStatus.BAD_REQUEST_400,
          "Content-Length is " + announced + " but " + whole.length() + " bytes came.");
    } else if (headers.md5().isPresent() && !whole.hasMd5(headers.md5().get())) {
      refuseRead(HttpStatus.BAD_REQUEST_400, "Content-MD5 does not match the body.");
    } else if (headers.range().isPresent()) {
      finishPart(whole, headers.range().get());
    } else {
      whole.commit();
      ReprDigest.tell(exchange.response().getHeaders(), whole.crc32c());
      stored();
    }
  }

  private void finishPart(Upload part, PutHeaders.Range range) throws DiskException {
    if (range.length() != part.length()) {
      refuseRead(
          HttpStatus.BAD_REQUEST_400,
          "Content-Range has " + range.length() + " bytes but " + part.length() + " came.");
      return;
    }
    switch (part.commitAt(range.from())) {
      case DONE -> stored();
      case MISSING ->
          refuseRead(HttpStatus.NOT_FOUND_404, "There is no such file to write a part of.");
      case BEYOND_END ->
          refuseRead(
              HttpStatus.RANGE_NOT_SATISFIABLE_416,
              "The part begins beyond the end of the file, which would leave a hole.");
      case BUSY -> refuseRead(HttpStatus.CONFLICT_409, "Another request is changing the file.");
    }
  }

  /** 201 is how the original says that it has compared the digest. */
  private void stored() {
    end();
    exchange.answer(headers.md5().isPresent() ? HttpStatus.CREATED_201 : HttpStatus.OK_200, "");
  }

  /** Refuses after the whole body was read. */
  private void refuseRead(int status, String sentence) {
    end();
    exchange.answer(status, sentence);
  }

  private void abandon(Throwable cause) {
    log.debug("PUT {} was broken off: {}", path, cause.toString());
    end();
    exchange.callback().failed(cause);
  }

  private void end() {
    pieces.release();
    if (upload != null) {
      exchange.course().bytes(upload.length());
      upload.close();
    }
    atEnd.run();
  }
}
