package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Stores files: {@code create_open}, PUT to the node that it names, {@code create_close}. */
public final class Uploading implements Dialogue {

  private static final byte[] END = Answer.bytes("\r\n");
  private static final byte[] SCHEME = Answer.bytes("http://");
  private static final byte[] PUT = Answer.bytes("PUT ");
  private static final byte[] HOST = Answer.bytes(" HTTP/1.1\r\nHost: ");
  private static final byte[] LENGTH = Answer.bytes("\r\nContent-Length: ");
  private static final byte[] HEAD_END = Answer.bytes("\r\n\r\n");
  private static final byte[] AND_FID = Answer.bytes("&fid=");
  private static final byte[] AND_DEVICE = Answer.bytes("&devid=");
  private static final byte[] AND_SIZE = Answer.bytes("&size=");
  private static final byte[] AND_PATH = Answer.bytes("&path=");

  private final byte[] open;
  private final byte[] close;
  private final ByteBuffer body;
  private final LongSupplier keys;
  private final Stored stored;
  private final Upload[] uploads;

  /** How far a client is. */
  private static final class Upload {

    private Step step = Step.OPEN;
    private long key;
    private long fid;
    private long device;

    /** As it came, for the tracker to have it back. */
    private byte[] escaped = new byte[256];

    private int escapedLength;

    /** As it is in a URL. */
    private final byte[] url = new byte[1024];

    private int urlLength;
  }

  private enum Step {
    OPEN,
    PUT,
    CLOSE
  }

  /**
   * Hears of each file that was stored.
   *
   * <p>Called amid a run: it has to be quick.
   */
  @FunctionalInterface
  public interface Stored {
    void stored(long key, long fid, int device);
  }

  /**
   * @param stem what keys begin with, before their number
   * @param keys the numbers of the keys, none of them twice; below 0 when there are no more
   * @param body of each file, all bytes of the buffer
   */
  public Uploading(
      Target target, String stem, LongSupplier keys, ByteBuffer body, int clients, Stored stored) {
    var names = target.names(stem);
    this.open = Answer.bytes("create_open " + names);
    this.close = Answer.bytes("create_close " + names);
    this.body = ByteBuffer.allocateDirect(body.capacity()).put(body.duplicate().clear());
    this.keys = keys;
    this.stored = stored;
    this.uploads = new Upload[clients];
    Arrays.setAll(uploads, _ -> new Upload());
  }

  @Override
  public boolean begin(Turn turn) {
    long key = keys.getAsLong();
    if (key < 0) {
      return false;
    }
    var upload = uploads[turn.client()];
    upload.step = Step.OPEN;
    upload.key = key;
    turn.toTracker().put(open).number(key, Pool.DIGITS).put(END);
    return true;
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    var upload = uploads[turn.client()];
    return switch (upload.step) {
      case OPEN -> {
        opened(upload, answer);
        put(upload, turn);
        yield false;
      }
      case PUT -> {
        if (answer.status() / 100 != 2) {
          throw answer.wrong("not stored");
        }
        close(upload, turn);
        yield false;
      }
      case CLOSE -> {
        if (!answer.isOk()) {
          throw answer.wrong("not OK");
        }
        stored.stored(upload.key, upload.fid, (int) upload.device);
        yield true;
      }
    };
  }

  private static void opened(Upload upload, Answer answer) {
    if (!answer.isOk()) {
      throw answer.wrong("not OK");
    }
    upload.fid = answer.number(Fields.FID);
    upload.device = answer.number(Fields.DEVICE);
    int begin = answer.field(Fields.PATH);
    int end = answer.end(begin);
    upload.escapedLength = end - begin;
    if (upload.escapedLength > upload.escaped.length) {
      upload.escaped = new byte[2 * upload.escapedLength];
    }
    System.arraycopy(answer.raw(), begin, upload.escaped, 0, upload.escapedLength);
    unescape(upload, answer);
  }

  private static void unescape(Upload upload, Answer answer) {
    int length = 0;
    for (int at = 0; at < upload.escapedLength; at++) {
      byte each = upload.escaped[at];
      if (each == '%' && at + 2 < upload.escapedLength) {
        each = (byte) (digit(upload.escaped[at + 1]) << 4 | digit(upload.escaped[at + 2]));
        at += 2;
      }
      if (length == upload.url.length) {
        throw answer.wrong("too long a path");
      }
      upload.url[length++] = each;
    }
    upload.urlLength = length;
    if (!Arrays.equals(upload.url, 0, Math.min(length, SCHEME.length), SCHEME, 0, SCHEME.length)) {
      throw answer.wrong("not a URL");
    }
  }

  private static int digit(byte hex) {
    return Character.digit(hex, 16);
  }

  private void put(Upload upload, Turn turn) {
    int path = SCHEME.length;
    while (path < upload.urlLength && upload.url[path] != '/') {
      path++;
    }
    Request request = turn.toNode(upload.url, SCHEME.length, path);
    request
        .put(PUT)
        .put(upload.url, path, upload.urlLength)
        .put(HOST)
        .put(upload.url, SCHEME.length, path)
        .put(LENGTH)
        .number(body.capacity(), 1)
        .put(HEAD_END)
        .body(body);
    upload.step = Step.PUT;
  }

  private void close(Upload upload, Turn turn) {
    turn.toTracker()
        .put(close)
        .number(upload.key, Pool.DIGITS)
        .put(AND_FID)
        .number(upload.fid, 1)
        .put(AND_DEVICE)
        .number(upload.device, 1)
        .put(AND_SIZE)
        .number(body.capacity(), 1)
        .put(AND_PATH)
        .put(upload.escaped, 0, upload.escapedLength)
        .put(END);
    upload.step = Step.CLOSE;
  }
}
