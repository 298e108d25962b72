package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.node.blob.DiskException;
import io.hayloft.protocol.DeviceId;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request and the ways to answer it, each of which ends it. */
record Exchange(Request request, Response response, Callback callback, Course course) {

  private static final HttpField HTML =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/html");
  private static final HttpField SOON = new PreEncodedHttpField(HttpHeader.RETRY_AFTER, "1");

  boolean isHead() {
    return HttpMethod.HEAD.is(request.getMethod());
  }

  /** The path as it stands in the request, without the query. */
  String path() {
    var path = request.getHttpURI().getPath();
    return path == null ? "" : path;
  }

  /** Answers a request of which no body is expected, or whose body was read. */
  void answer(int status, String sentence) {
    page(status, sentence, callback);
  }

  void answerEmpty(int status) {
    response.setStatus(status);
    write(null, callback);
  }

  /** Sends all that the answer has for a body, which ends it. */
  void write(@Nullable ByteBuffer body, Callback end) {
    course.enter(Phase.NETWORK);
    response.write(true, body, end);
  }

  void answerBusy(String sentence) {
    answer(HttpStatus.SERVICE_UNAVAILABLE_503, sentence);
  }

  /** Answers a request whose client may still be sending a body. */
  void refuse(int status, String sentence) {
    page(status, sentence, Drain.before(callback, request));
  }

  /** The same when a part of the body has come already. */
  void refuseAmid(int status, String sentence) {
    page(status, sentence, Drain.amid(callback, request));
  }

  void refuseBusy(String sentence) {
    refuse(HttpStatus.SERVICE_UNAVAILABLE_503, sentence);
  }

  void refuse(DiskException failure) {
    refuse(status(failure.code()), sentence(failure));
  }

  /** The same when a part of the body has come already. */
  void refuseAmid(DiskException failure) {
    refuseAmid(status(failure.code()), sentence(failure));
  }

  static String noDevice(DeviceId device) {
    return "There is no device " + device.directory() + ".";
  }

  static String sentence(DiskException failure) {
    return failure.getMessage() == null ? "" : failure.getMessage();
  }

  static int status(DiskException.Code code) {
    return switch (code) {
      case FULL -> HttpStatus.INSUFFICIENT_STORAGE_507;
      case READ_ONLY, DENIED, DISTRUSTED, BROKEN -> HttpStatus.INTERNAL_SERVER_ERROR_500;
      case IN_THE_WAY -> HttpStatus.CONFLICT_409;
      case BAD_NAME -> HttpStatus.BAD_REQUEST_400;
      case REFUSED, TOO_MANY_FILES -> HttpStatus.SERVICE_UNAVAILABLE_503;
    };
  }

  /** A heading with the status, as the original writes it, and a sentence. */
  static byte[] html(int status, String sentence) {
    return ("<h1>" + status + " - " + HttpStatus.getMessage(status) + "</h1>\n" + escape(sentence))
        .getBytes(UTF_8);
  }

  private void page(int status, String sentence, Callback end) {
    var page = html(status, sentence);
    response.setStatus(status);
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      response.getHeaders().put(SOON);
    }
    response.getHeaders().put(HTML);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.length);
    write(ByteBuffer.wrap(page), end);
  }

  /** A sentence may have words of the request in it; they must not become markup. */
  private static String escape(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : sentence.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "\n";
  }
}
