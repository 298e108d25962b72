package io.hayloft.client;

import io.hayloft.client.Lookups.Located;
import io.hayloft.client.net.NodeHttp;
import io.hayloft.client.net.NodeReply;
import io.hayloft.protocol.Checksum;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file's bytes, or some of them, from whichever copies can be read. When one breaks off, hangs or
 * turns out to have another length, the next continues at the same byte.
 *
 * <p>The end is reached only after exactly as many bytes as the trackers know the file to have.
 * When the whole file is read and its checksum is known, the last bytes are handed out only once
 * the checksum has been found right. For one thread at a time.
 */
final class ReplicaStream extends InputStream {

  private static final Logger log = LoggerFactory.getLogger(ReplicaStream.class);
  private static final int SKIP_BUFFER = 16 * 1024;

  private final NodeHttp nodes;
  private final Replicas replicas;
  private final Located located;
  private final Part part;
  private final Progress progress;
  private final Optional<MessageDigest> digest;
  private long position;
  private @Nullable NodeReply current;
  private @Nullable URI currentUrl;
  private boolean closed;

  /**
   * Which bytes of the file.
   *
   * @param end the position after the last one
   */
  record Part(long start, long end) {}

  ReplicaStream(
      NodeHttp nodes, Replicas replicas, Located located, Part part, ReadOptions options) {
    this.nodes = nodes;
    this.replicas = replicas;
    this.located = located;
    this.part = part;
    this.progress = options.progress();
    this.position = part.start();
    boolean whole = part.start() == 0 && part.end() == located.length();
    this.digest =
        options.checksumVerified() && whole
            ? located.checksum().map(checksum -> Digests.of(checksum.algorithm()))
            : Optional.empty();
  }

  /** Reaches a copy, so that one who opens a file nobody can read learns it at once. */
  void connect() throws IOException {
    if (position < part.end()) {
      current();
    } else {
      verify();
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (count == 0) {
      return 0;
    }
    if (position == part.end()) {
      return -1;
    }
    int got = readSome(into, offset, (int) Math.min(count, part.end() - position));
    digest.ifPresent(each -> each.update(into, offset, got));
    position += got;
    if (position == part.end()) {
      release();
      verify();
    }
    progress.moved(position - part.start(), OptionalLong.of(part.end() - part.start()));
    return got;
  }

  private int readSome(byte[] into, int offset, int count) throws IOException {
    while (true) {
      var reply = current();
      try {
        int got = reply.body().read(into, offset, count);
        if (got < 0) {
          throw new EOFException("ended at byte " + position);
        }
        replicas.delivered(currentUrl());
        return got;
      } catch (IOException e) {
        giveUp(currentUrl(), e);
      }
    }
  }

  private NodeReply current() throws IOException {
    while (current == null) {
      var url = replicas.next();
      try {
        current = request(url);
        currentUrl = url;
      } catch (IOException e) {
        giveUp(url, e);
      }
    }
    return current;
  }

  private URI currentUrl() {
    if (currentUrl == null) {
      throw new IllegalStateException("no copy is being read");
    }
    return currentUrl;
  }

  private void giveUp(URI url, IOException why) throws IOException {
    release();
    if (why instanceof InterruptedIOException) {
      throw why;
    }
    log.warn("fid {}: {} failed at byte {}: {}", located.fid(), url, position, why.getMessage());
    replicas.failed(url, why);
  }

  private NodeReply request(URI url) throws IOException {
    boolean whole = position == 0 && part.end() == located.length();
    var reply = whole ? nodes.get(url) : nodes.get(url, position, part.end() - 1);
    boolean good = false;
    try {
      if (reply.status() == 206 && !whole) {
        checkSpan(reply);
      } else if (reply.status() == 200) {
        checkLength(reply.length());
        skip(reply, position);
      } else {
        throw new IOException("HTTP status " + reply.status());
      }
      good = true;
      return reply;
    } finally {
      if (!good) {
        reply.close();
      }
    }
  }

  private void checkSpan(NodeReply reply) throws IOException {
    var span =
        reply.span().orElseThrow(() -> new IOException("status 206 without saying which bytes"));
    if (span.first() != position || span.last() != part.end() - 1) {
      throw new IOException(
          "bytes " + span.first() + "-" + span.last() + " instead of those asked");
    }
    checkLength(span.total());
  }

  private void checkLength(OptionalLong length) throws IOException {
    if (length.isPresent() && length.getAsLong() != located.length()) {
      throw new IOException(
          "has " + length.getAsLong() + " bytes, the file has " + located.length());
    }
  }

  /** For a node that does not know ranges and sends all. */
  private static void skip(NodeReply reply, long count) throws IOException {
    var buffer = new byte[SKIP_BUFFER];
    long left = count;
    while (left > 0) {
      int got = reply.body().read(buffer, 0, (int) Math.min(left, buffer.length));
      if (got < 0) {
        throw new EOFException("ended " + left + " bytes before the place to go on from");
      }
      left -= got;
    }
  }

  private void verify() throws DamagedFileException {
    if (digest.isEmpty()) {
      return;
    }
    var expected = located.checksum().orElseThrow(IllegalStateException::new);
    var actual = Checksum.of(expected.algorithm(), digest.get().digest());
    if (!actual.equals(expected)) {
      closed = true;
      throw new DamagedFileException(
          "fid "
              + located.fid()
              + " should have checksum "
              + expected
              + ", but what came from "
              + replicas.used()
              + " has "
              + actual
              + ". Run fsck, and do not trust these copies");
    }
  }

  private void release() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
    release();
  }
}
