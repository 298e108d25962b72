package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Turn;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Stores files: {@code create_open}, PUT to the node that it names, {@code create_close}. */
public final class Uploading implements Dialogue {

  private static final byte[] END = Answer.bytes("\r\n");

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
    private final Place place = new Place();
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
        if (!answer.isOk()) {
          throw answer.wrong("not OK");
        }
        upload.place.opened(answer);
        upload.place.put(turn, body);
        upload.step = Step.PUT;
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
        stored.stored(upload.key, upload.place.fid(), upload.place.device());
        yield true;
      }
    };
  }

  private void close(Upload upload, Turn turn) {
    var request = turn.toTracker().put(close).number(upload.key, Pool.DIGITS);
    upload.place.told(request, body.capacity()).put(END);
    upload.step = Step.CLOSE;
  }
}
