package io.hayloft.tracker.node.http;

import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;

/**
 * A replica's bytes on their way from a node. Opening fails unless the node states exactly the
 * length that is expected; reading fails when it then sends fewer, or none for too long.
 */
final class Reading implements AutoCloseable {

  private final Request request;
  private final InputStreamResponseListener listener;
  private final InputStream bytes;

  private Reading(Request request, InputStreamResponseListener listener) {
    this.request = request;
    this.listener = listener;
    this.bytes = listener.getInputStream();
  }

  static Reading open(NodeHttp http, String url, long length) throws IOException {
    var stall = http.limits().stall().toMillis();
    var request = http.request("GET", url, Purpose.COPY).idleTimeout(stall, TimeUnit.MILLISECONDS);
    var listener = new InputStreamResponseListener();
    request.send(listener);
    var reading = new Reading(request, listener);
    try {
      reading.check(listener.get(stall, TimeUnit.MILLISECONDS), length);
      return reading;
    } catch (IOException | RuntimeException e) {
      reading.close();
      throw e;
    } catch (ExecutionException e) {
      reading.close();
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      reading.close();
      throw new IOException("no answer in time", e);
    } catch (InterruptedException e) {
      reading.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void check(Response response, long length) throws IOException {
    if (response.getStatus() / 100 != 2) {
      throw new NodeRefusal("HTTP " + response.getStatus());
    }
    long stated = Answer.contentLength(response.getHeaders());
    if (stated != length) {
      throw new NodeRefusal("has " + stated + " bytes, not " + length);
    }
  }

  /** Reads until the buffer is full or the file ends; the number of bytes read. */
  int fill(byte[] buffer) throws IOException {
    return bytes.readNBytes(buffer, 0, buffer.length);
  }

  /** Ends the transfer, wherever it is; after the last byte the connection is kept. */
  @Override
  public void close() {
    try {
      listener.close();
      bytes.close();
    } catch (IOException e) {
      var _ = request.abort(e);
    }
  }
}
