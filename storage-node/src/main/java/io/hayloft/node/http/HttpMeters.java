package io.hayloft.node.http;

import io.hayloft.node.http.RequestFigures.Method;
import io.hayloft.node.http.RequestFigures.Outcome;
import io.hayloft.runtime.time.Time;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Counts each request when it has ended. */
final class HttpMeters {

  private static final int DEVICE = "/dev".length();

  private final Time time;
  private final RequestFigures figures;

  HttpMeters(RequestFigures figures, Time time) {
    this.time = time;
    this.figures = figures;
  }

  /**
   * A request was answered in full, by way of {@link PlainReading}.
   *
   * @param path of a file in a device
   */
  void answered(Method method, String path, long bytes, long nanos) {
    figures.of(device(path), method, SizeClass.of(bytes), Outcome.OK).sent(nanos);
  }

  /** The client broke off while it was answered so. */
  void brokenOff(Method method, String path, long bytes, long nanos) {
    figures.of(device(path), method, SizeClass.of(bytes), Outcome.BROKEN_OFF).sent(nanos);
  }

  /** The number in the path of a file. */
  private static int device(String path) {
    int number = 0;
    for (int at = DEVICE; path.charAt(at) != '/'; at++) {
      number = 10 * number + path.charAt(at) - '0';
    }
    return number;
  }

  /** A request begins. */
  Course begin() {
    return new Course(time);
  }

  /** The callback to end the request with. */
  Callback counting(Course course, Request request, Response response, Callback callback) {
    return new Callback.Nested(callback) {
      @Override
      public void succeeded() {
        count(Outcome.of(response.getStatus()));
        super.succeeded();
      }

      @Override
      public void failed(Throwable cause) {
        count(Outcome.BROKEN_OFF);
        super.failed(cause);
      }

      private void count(Outcome outcome) {
        ended(course, Method.of(request.getMethod()), outcome);
      }
    };
  }

  /** A request has ended that no callback was made for. */
  void ended(Course course, Method method, Outcome outcome) {
    var device = course.device();
    var kind =
        device == null
            ? figures.of(method, course.size(), outcome)
            : figures.of(device.value(), method, course.size(), outcome);
    kind.ended(course);
  }
}
