package io.hayloft.runtime.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Replies in JSON. Those about the state of the process are never to be cached. */
public final class Json {

  static final String CONTENT_TYPE = "application/json";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /**
   * Writes a reply and completes it.
   *
   * @param value maps, lists, records, texts, numbers and booleans
   */
  public static void reply(Response response, Callback callback, int status, Object value) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, CONTENT_TYPE);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Content.Sink.write(response, true, text(value), callback);
  }

  /** An error reply: {@code {"status": 404, "error": "Not Found"}}. */
  static Map<String, Object> error(int status, String sentence) {
    var json = new LinkedHashMap<String, Object>();
    json.put("status", status);
    json.put("error", sentence.isEmpty() ? HttpStatus.getMessage(status) : sentence);
    return json;
  }

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
