package io.hayloft.tracker.node.http;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.OutputStreamRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpHeader;

/**
 * A replica's bytes on their way to a node. The length is stated first, so that a transfer that is
 * given up half-way is never taken for a whole file.
 */
final class Writing {

  private static final int LONGEST_REPLY = 64 * 1024;

  /** How long to wait for a node to say why it closed the connection. */
  private static final long LAST_WORDS_MILLIS = 500;

  private final Request request;
  private final OutputStream bytes;
  private final CompletableFuture<ContentResponse> reply;
  private final long stallMillis;

  private Writing(Request request, OutputStream bytes, long stallMillis) {
    this.request = request;
    this.bytes = bytes;
    this.stallMillis = stallMillis;
    this.reply = new CompletableResponseListener(request, LONGEST_REPLY).send();
  }

  static Writing open(NodeHttp http, String url, long length, Optional<Checksum> known) {
    var stall = http.limits().stall().toMillis();
    var content = new OutputStreamRequestContent("application/octet-stream");
    var request =
        http.request("PUT", url, Purpose.COPY)
            .idleTimeout(stall, TimeUnit.MILLISECONDS)
            .body(content)
            .headers(
                headers -> {
                  headers.put(HttpHeader.CONTENT_LENGTH, length);
                  known
                      .filter(checksum -> checksum.algorithm() == HashAlgorithm.MD5)
                      .map(checksum -> Base64.getEncoder().encodeToString(checksum.digest()))
                      .ifPresent(md5 -> headers.put("Content-MD5", md5));
                });
    return new Writing(request, content.getOutputStream(), stall);
  }

  void write(byte[] buffer, int length) throws IOException {
    try {
      bytes.write(buffer, 0, length);
      bytes.flush();
    } catch (IOException e) {
      throw lastWords(e);
    }
  }

  /** Ends the body and waits until the node says that it has the file. */
  void finish() throws IOException {
    try {
      bytes.close();
    } catch (IOException e) {
      throw lastWords(e);
    }
    try {
      check(reply.get(stallMillis, TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      var _ = request.abort(e);
      throw new IOException("no answer in time", e);
    } catch (InterruptedException e) {
      var _ = request.abort(e);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Gives up, so that the node sees a body that ends too early and keeps none of it. */
  void abort(Throwable why) {
    var _ = request.abort(why);
  }

  private static void check(ContentResponse response) throws NodeRefusal {
    if (response.getStatus() / 100 != 2) {
      throw new NodeRefusal("HTTP " + response.getStatus());
    }
  }

  /** A node that does not want the body may answer before it has it all: that says more. */
  private IOException lastWords(IOException broken) {
    try {
      check(reply.get(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
      return broken;
    } catch (NodeRefusal refusal) {
      return refusal;
    } catch (ExecutionException | TimeoutException e) {
      var _ = request.abort(broken);
      return broken;
    } catch (InterruptedException e) {
      var _ = request.abort(broken);
      Thread.currentThread().interrupt();
      return broken;
    }
  }
}
