package io.hayloft.node.http;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.node.blob.WholeFiles.Outcome;
import io.hayloft.node.blob.WholeFiles.WholeFile;
import io.hayloft.node.http.RequestFigures.Method;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;

/**
 * Stores the bodies of {@link PlainPut}s straight from the buffer that a connection was read into,
 * and answers on its socket: no parser, no request and response objects, and the disk sees nothing
 * of an upload before all of it has come. All else, any request in doubt or to be refused included,
 * is handed on with its bytes untouched.
 *
 * <p>A connection is watched for more while its upload is stored, so that nobody has to be woken to
 * watch it when that has ended; nothing is read from it before.
 */
final class PlainWriting extends Graceful.Shutdown {

  /** Of a buffer: the largest that the pool keeps. */
  private static final int SIZE = 64 << 10;

  private final SmallPuts puts;
  private final Changing changing;
  private final Admission admission;
  private final Disks disks;
  private final CountedBuffers buffers;
  private final HttpMeters meters;
  private final PutAnswers answers;
  private final AtomicInteger underWay = new AtomicInteger();

  /** What other ways of writing have a part in. */
  record Ground(Disks disks, Changing changing, Admission admission, HttpMeters meters) {}

  PlainWriting(Ground ground, CountedBuffers buffers, PutAnswers answers) {
    super("plain uploads");
    this.puts = new SmallPuts(ground.disks());
    this.disks = ground.disks();
    this.changing = ground.changing();
    this.admission = ground.admission();
    this.meters = ground.meters();
    this.buffers = buffers;
    this.answers = answers;
  }

  @Override
  public boolean isShutdownDone() {
    return underWay.get() == 0;
  }

  private boolean enter() {
    if (!admission.enterPlain()) {
      return false;
    }
    if (!changing.beginUpload()) {
      admission.leave();
      return false;
    }
    underWay.incrementAndGet();
    return true;
  }

  private void leave() {
    changing.endUpload();
    admission.leave();
    underWay.decrementAndGet();
    if (isShutdown()) {
      check();
    }
  }

  /** What a connection does beside what {@link PlainReading.Line} says. */
  interface Line extends PlainReading.Line {
    /** Reads on soon, on a thread of its own. */
    void goOn();

    /** Hands on as {@link #handOn} does, on a thread of its own. */
    void handOnSoon(RetainableByteBuffer bytes);
  }

  private enum State {
    /** Nothing is stored. */
    IDLE,
    STORING,
    /** The same, and more has come meanwhile, if it is only the end. */
    STORING_AND_MORE
  }

  /** The uploads on one connection, one after the other. */
  final class Uploads {

    private final Line line;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private @Nullable RetainableByteBuffer input;

    Uploads(Line line) {
      this.line = line;
    }

    /** Whether an upload on this connection may be stored so now. */
    boolean mayBegin() {
      return !isShutdown() && !buffers.areEnough() && line.endPoint().hasFastPath();
    }

    /** Whether a part of one has been read. */
    boolean isAmid() {
      return input != null;
    }

    /** To be asked when more has come, or the watching failed: true if it is seen to later. */
    boolean isStoring() {
      return state.get() != State.IDLE
          && (state.compareAndSet(State.STORING, State.STORING_AND_MORE)
              || state.get() != State.IDLE);
    }

    /** Lets go of what has come of an upload; the connection is at its end. */
    void drop() {
      line.endPoint().amid(false);
      releaseInput();
    }

    private void releaseInput() {
      if (input != null) {
        input.release();
        input = null;
      }
    }

    /** Reads what has come. */
    void read() {
      var bytes = input == null ? buffers.acquire(SIZE, true) : input;
      input = bytes;
      while (true) {
        int got = fill(bytes.getByteBuffer());
        switch (PlainPut.look(bytes.getByteBuffer())) {
          case PlainPut.Seen.Whole whole -> {
            begin(bytes, whole);
            return;
          }
          case PlainPut.Seen.Part _ when got == 0 -> {
            line.endPoint().amid(true);
            line.awaitMore();
            return;
          }
          case PlainPut.Seen.Part _ when got > 0 -> {}
          default -> {
            handOn(bytes);
            return;
          }
        }
      }
    }

    private int fill(ByteBuffer bytes) {
      try {
        return line.endPoint().fill(bytes);
      } catch (IOException e) {
        // Jetty will see the same when it reads.
        return -1;
      }
    }

    private void handOn(RetainableByteBuffer bytes) {
      line.endPoint().amid(false);
      input = null;
      line.handOn(bytes);
    }

    private void begin(RetainableByteBuffer bytes, PlainPut.Seen.Whole whole) {
      if (!(RequestPath.forWriting(whole.path()) instanceof RequestPath.InDevice(var path))
          || !enter()) {
        handOn(bytes);
        return;
      }
      line.endPoint().amid(false);
      boolean alone = bytes.getByteBuffer().limit() == whole.to();
      state.set(State.STORING);
      if (!puts.offer(new Storing(path, bytes, whole, alone))) {
        state.set(State.IDLE);
        leave();
        handOn(bytes);
      } else if (alone) {
        line.awaitMore();
      }
    }

    /** One upload, from when it has come until it is answered. */
    private final class Storing implements SmallPuts.Put, Callback {

      private final RetainableByteBuffer bytes;
      private final int end;
      private final boolean alone;
      private final WholeFile file;
      private final Course course = meters.begin();
      private int status;

      Storing(BlobPath path, RetainableByteBuffer bytes, PlainPut.Seen.Whole whole, boolean alone) {
        this.bytes = bytes;
        this.end = whole.to();
        this.alone = alone;
        int length = whole.to() - whole.from();
        this.file = new WholeFile(path, bytes.getByteBuffer().slice(whole.from(), length));
        course.on(path.device());
        course.bytes(length);
        course.enter(Phase.QUEUE);
      }

      @Override
      public WholeFile file() {
        return file;
      }

      @Override
      public void begins() {
        course.enter(Phase.DISK);
      }

      @Override
      public void ended(boolean hasOutcome) {
        if (!hasOutcome) {
          failed(new IllegalStateException("it was not stored"));
          return;
        }
        course.enter(Phase.NETWORK);
        line.endPoint().write(this, answer(file.outcome()));
      }

      private ByteBuffer answer(Outcome outcome) {
        return switch (outcome) {
          case Outcome.Stored(var crc) -> {
            status = HttpStatus.OK_200;
            yield answers.stored(crc);
          }
          case Outcome.NoDevice() -> {
            status = HttpStatus.NOT_FOUND_404;
            yield answers.refused(status, Exchange.noDevice(file.path().device()));
          }
          case Outcome.Failed(var why) -> {
            disks.complaints().report(file.path().device(), why, file.path().text());
            status = Exchange.status(why.code());
            yield answers.refused(status, Exchange.sentence(why));
          }
        };
      }

      @Override
      public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
      }

      @Override
      public void succeeded() {
        meters.ended(course, Method.PUT, RequestFigures.Outcome.of(status));
        leave();
        if (!alone) {
          bytes.getByteBuffer().position(end);
          input = null;
          state.set(State.IDLE);
          line.handOnSoon(bytes);
          return;
        }
        releaseInput();
        if (!state.compareAndSet(State.STORING, State.IDLE)) {
          state.set(State.IDLE);
          line.goOn();
        }
      }

      @Override
      public void failed(Throwable cause) {
        meters.ended(course, Method.PUT, RequestFigures.Outcome.BROKEN_OFF);
        leave();
        releaseInput();
        // Goes on being said to be stored, so that nobody else touches the connection at its end.
        line.fail(cause);
      }
    }
  }
}
