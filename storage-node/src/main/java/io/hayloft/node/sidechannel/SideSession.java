package io.hayloft.node.sidechannel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.protocol.sidechannel.SideReply;
import io.hayloft.protocol.sidechannel.SideRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * One connection of the side channel. Lines are answered in their order, since the next is read
 * only when the last is answered.
 */
final class SideSession {

  private static final int LONGEST_LINE = 8 << 10;
  private static final int INPUT_BUFFER = 512;
  private static final String LINE_END = "\r\n";

  private final InputStream in;
  private final OutputStream out;
  private final Answering answering;

  SideSession(InputStream in, OutputStream out, Answering answering) {
    this.in = new BufferedInputStream(in, INPUT_BUFFER);
    this.out = out;
    this.answering = answering;
  }

  /** Whether the connection goes on after an answer. */
  private enum After {
    NEXT,
    CLOSE
  }

  /**
   * Returns when the client is gone, idle for too long, or has asked for what ends a connection.
   */
  void run() throws IOException, InterruptedException {
    var after = After.NEXT;
    while (after == After.NEXT) {
      var line = new ByteArrayOutputStream();
      int b = in.read();
      while (b >= 0 && b != '\n' && line.size() <= LONGEST_LINE) {
        line.write(b);
        b = in.read();
      }
      if (b < 0) {
        return;
      }
      if (line.size() > LONGEST_LINE) {
        say(SideReply.lineTooLong());
        return;
      }
      after = answer(SideRequest.parse(line.toString(ISO_8859_1)));
    }
  }

  private After answer(SideRequest request) throws IOException, InterruptedException {
    switch (request) {
      case SideRequest.Size(var uri) ->
          say(
              SideReply.size(
                  uri, path(uri).map(path -> answering.store().size(path).orElse(-1)).orElse(-1L)));
      case SideRequest.Digest digest -> say(digest(digest));
      case SideRequest.Watch() -> {
        watch();
        return After.CLOSE;
      }
      case SideRequest.Shutdown(var grace) -> {
        answering.shutdown().accept(grace);
        return After.CLOSE;
      }
      case SideRequest.Nothing() -> say("");
      case SideRequest.ClimbingUri() -> say(SideReply.climbingUri());
      case SideRequest.Unknown(var word) -> say(SideReply.unknown(word));
    }
    return After.NEXT;
  }

  private String digest(SideRequest.Digest request) throws InterruptedException {
    var uri = request.uri();
    var path = path(uri);
    if (path.isEmpty()) {
      return SideReply.digest(uri, request.algorithm(), Optional.empty());
    }
    return switch (answering
        .digests()
        .compute(path.get(), request.algorithm(), request.lowPriority())) {
      case Digests.Outcome.Computed(var checksum) ->
          SideReply.digest(uri, request.algorithm(), Optional.of(checksum));
      case Digests.Outcome.NoFile() -> SideReply.digest(uri, request.algorithm(), Optional.empty());
      case Digests.Outcome.ReadFailed(var offset) -> SideReply.readFailed(uri, offset);
    };
  }

  /** A client that reads slowly misses samples, since none is taken while one waits to be sent. */
  private void watch() throws IOException, InterruptedException {
    var series = answering.utilization().series();
    if (series.isEmpty()) {
      say(SideReply.noUtilization());
      return;
    }
    while (true) {
      answering.pause();
      var sample = series.get().next();
      if (sample.isEmpty()) {
        return;
      }
      send(sample.get() + ".\n");
    }
  }

  private static Optional<BlobPath> path(String uri) {
    return uri.startsWith("/")
            && RequestPath.forReading(uri) instanceof RequestPath.InDevice(var path)
        ? Optional.of(path)
        : Optional.empty();
  }

  private void say(String line) throws IOException {
    send(line + LINE_END);
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }
}
