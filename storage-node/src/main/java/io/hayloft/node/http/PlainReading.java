package io.hayloft.node.http;

import static java.util.Objects.requireNonNull;

import io.hayloft.node.blob.HotBytes;
import io.hayloft.node.blob.OpenBlob;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.blob.ReadsAtOnce;
import io.hayloft.node.http.RequestFigures.Method;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@link PlainRead}s: GET of files that are open and warm, or small and to be read
 * {@linkplain ReadsAtOnce at once}, and HEAD of whatever can be looked at so; straight from a
 * connection's bytes to its socket: no parser, no request and response objects, one system call to
 * answer with. All else, any request in doubt included, is handed on with its bytes untouched.
 *
 * <p>The bytes of small files that are read a second time are kept in memory behind the head that
 * goes before them, and no file is kept open for them.
 */
final class PlainReading {

  /** Larger files are not kept in memory. */
  private static final int HOT = 64 << 10;

  private final OpenBlobs openBlobs;
  private final ReadsAtOnce readsAtOnce;
  private final HotBytes hot;
  private final HttpMeters meters;
  private final CountedBuffers buffers;
  private final ResponseHead heads;
  private final Time time;
  private final LongAdder atOnce = new LongAdder();
  private volatile boolean stopping;

  PlainReading(Disks disks, HotBytes hot, CountedBuffers buffers, HttpMeters meters, Time time) {
    this.openBlobs = disks.openBlobs();
    this.readsAtOnce = disks.store().readsAtOnce();
    this.hot = hot;
    this.buffers = buffers;
    this.meters = meters;
    this.heads = new ResponseHead(time);
    this.time = time;
  }

  /** From now on all requests are handed on, to be refused as a node that stops does. */
  void stop() {
    stopping = true;
  }

  CountedBuffers buffers() {
    return buffers;
  }

  /** How many files were read or looked at without waiting for a disk or being kept open. */
  long readAtOnce() {
    return atOnce.sum();
  }

  /** The connection that requests come on. */
  interface Line {
    SendfileEndPoint endPoint();

    /** Has the next bytes read when they come. */
    void awaitMore();

    /** Takes over a buffer with bytes that are not for here, and what follows them. */
    void handOn(RetainableByteBuffer bytes);

    void fail(Throwable cause);
  }

  /** The answers on one connection, one after the other. */
  final class Answers extends IteratingCallback {

    private final Line line;
    private @Nullable RetainableByteBuffer input;
    private boolean isSending;

    /** What is held open meanwhile; null when all bytes are read already. */
    private @Nullable OpenBlob sending;

    private long sendingSize;
    private String sendingPath = "";
    private Method method = Method.GET;
    private @Nullable RetainableByteBuffer output;
    private long started;

    Answers(Line line) {
      this.line = line;
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    /** Whether a request on this connection may be answered so now. */
    boolean mayAnswer() {
      return !stopping && !buffers.areEnough() && line.endPoint().hasFastPath();
    }

    /** Begins with bytes that were read, which it takes over. */
    void begin(RetainableByteBuffer bytes) {
      input = bytes;
      iterate();
    }

    @Override
    protected Action process() throws IOException {
      if (isSending) {
        meters.answered(method, sendingPath, sendingSize, time.nanoTime() - started);
        ended();
      }
      var taken = input;
      if (taken == null || !taken.hasRemaining()) {
        releaseInput();
        line.awaitMore();
        return Action.IDLE;
      }
      var bytes = taken.getByteBuffer();
      int position = bytes.position();
      method = PlainRead.isHead(bytes) ? Method.HEAD : Method.GET;
      var path = stopping ? null : PlainRead.take(bytes);
      if (path == null || !prepare(path)) {
        bytes.position(position);
        input = null;
        line.handOn(taken);
        return Action.IDLE;
      }
      if (!bytes.hasRemaining()) {
        // Who takes long to take the answer holds no buffer meanwhile.
        releaseInput();
      }
      send();
      return Action.SCHEDULED;
    }

    /** Finds the file and says so; false when the disk may have to be waited for, or looked at. */
    private boolean prepare(String path) {
      if (Reading.isText(path)) {
        return false;
      }
      started = time.nanoTime();
      if (!(method == Method.HEAD ? look(path) : get(path))) {
        return false;
      }
      sendingPath = path;
      isSending = true;
      return true;
    }

    private boolean get(String path) {
      var blob = openAndWarm(path);
      if (blob == null) {
        return readAtOnce(path);
      }
      sending = blob;
      sendingSize = blob.size();
      return true;
    }

    /** Whether the file was looked at, whatever is remembered of it. */
    private boolean look(String path) {
      try (var file = readsAtOnce.look(path)) {
        if (file == null) {
          return false;
        }
        var head = ResponseHead.of(file);
        var buffer = buffers.acquire(head.length, true);
        BufferUtil.append(buffer.getByteBuffer(), head);
        output = buffer;
        sendingSize = 0;
        atOnce.increment();
        return true;
      }
    }

    /** Whether the file was read to be sent, without waiting for a disk. */
    private boolean readAtOnce(String path) {
      try (var file = readsAtOnce.open(path)) {
        if (file == null) {
          return false;
        }
        if (!read(file)) {
          return false;
        }
        sendingSize = file.size();
        atOnce.increment();
        return true;
      }
    }

    private boolean read(ReadsAtOnce.Opened file) {
      var head = ResponseHead.of(file);
      int length = head.length + (int) file.size();
      if (file.isReadAgain()) {
        var piece = hot.take(length);
        if (piece.isPresent()) {
          return keep(file, head, piece.get());
        }
        if (file.mayStayOpen()) {
          return false;
        }
      }
      var buffer = buffers.acquire(length, true);
      var bytes = buffer.getByteBuffer();
      BufferUtil.clearToFill(bytes);
      bytes.limit(bytes.position() + length);
      if (!file.read(bytes.put(head))) {
        buffer.release();
        return false;
      }
      bytes.flip();
      output = buffer;
      return true;
    }

    private boolean keep(ReadsAtOnce.Opened file, byte[] head, HotBytes.Piece piece) {
      if (!file.read(piece.bytes().put(head))) {
        piece.close();
        return false;
      }
      sending = file.keep(piece);
      return true;
    }

    private void send() throws IOException {
      var endPoint = line.endPoint();
      var blob = sending;
      if (blob == null) {
        endPoint.write(this, heads.at(started), requireNonNull(output).getByteBuffer());
        return;
      }
      blob = inMemory(sendingPath, blob);
      sending = blob;
      var memory = blob.memory();
      if (memory.isPresent()) {
        endPoint.write(this, heads.at(started), memory.get().bytes());
      } else if (blob.size() <= Body.SENDFILE_ABOVE) {
        endPoint.write(this, heads.at(started), fromDisk(blob));
      } else {
        var head = ByteBuffer.wrap(ResponseHead.of(blob));
        var marker = endPoint.stand(blob.channel(), 0, (int) blob.size());
        endPoint.write(this, heads.at(started), head, marker);
      }
    }

    private ByteBuffer fromDisk(OpenBlob blob) throws IOException {
      var head = ResponseHead.of(blob);
      var buffer = buffers.acquire(head.length + (int) blob.size(), true);
      output = buffer;
      var bytes = buffer.getByteBuffer();
      BufferUtil.clearToFill(bytes);
      return filled(bytes, head, blob);
    }

    private void ended() {
      isSending = false;
      if (sending != null) {
        line.endPoint().done();
        sending.release();
        sending = null;
      }
      if (output != null) {
        output.release();
        output = null;
      }
    }

    private void releaseInput() {
      if (input != null) {
        input.release();
        input = null;
      }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      if (isSending) {
        meters.brokenOff(method, sendingPath, sendingSize, time.nanoTime() - started);
      }
      ended();
      releaseInput();
      line.fail(cause);
    }
  }

  /** Retained; null when the disk may have to be waited for, or looked at. */
  private @Nullable OpenBlob openAndWarm(String path) {
    var found = openBlobs.current(path);
    if (found.isEmpty()) {
      return null;
    }
    var blob = found.get();
    if (Body.blocks(blob) || blob.size() == 0) {
      blob.release();
      return null;
    }
    return blob;
  }

  /** The same with its bytes in memory, if there is room; its holding goes over to what is. */
  private OpenBlob inMemory(String path, OpenBlob blob) throws IOException {
    if (blob.size() > HOT || blob.memory().isPresent()) {
      return blob;
    }
    var head = ResponseHead.of(blob);
    var piece = hot.take(head.length + (int) blob.size());
    if (piece.isEmpty()) {
      return blob;
    }
    try {
      filled(piece.get().bytes(), head, blob);
    } catch (IOException e) {
      piece.get().close();
      throw e;
    }
    return openBlobs.intoMemory(path, blob, piece.get());
  }

  private static ByteBuffer filled(ByteBuffer bytes, byte[] head, OpenBlob blob)
      throws IOException {
    bytes.limit(bytes.position() + head.length + (int) blob.size());
    bytes.put(head);
    if (!blob.read(bytes, 0)) {
      throw new EofException("a file became shorter while it was sent");
    }
    return bytes.flip();
  }
}
