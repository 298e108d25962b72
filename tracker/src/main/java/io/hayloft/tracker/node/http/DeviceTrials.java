package io.hayloft.tracker.node.http;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.client.BytesRequestContent;
import org.jspecify.annotations.Nullable;

/**
 * Tries out what a device can do, with small files below its directory {@code test-write} that are
 * written again and again and never removed.
 */
final class DeviceTrials {

  private static final int NAMES = 100;

  private final NodeHttp http;
  private final Directories directories;
  private final Time time;
  private final RandomGenerator random;

  DeviceTrials(NodeHttp http, Directories directories, Time time, RandomGenerator random) {
    this.http = http;
    this.directories = directories;
    this.time = time;
    this.random = random;
  }

  /**
   * Whether a file could be written and read back. One that reads back differently gets a second
   * try: another tracker may have written the same name in between.
   */
  boolean write(Host host, DeviceId device) {
    directories.make(NodeHttp.base(host), directory(device));
    for (int attempt = 0; attempt < 2; attempt++) {
      var path = directory(device) + "test-write-" + random.nextInt(NAMES);
      var body = "time=" + time.epochSecond() + " rand=" + random.nextInt(Integer.MAX_VALUE);
      if (!(put(NodeHttp.base(host) + path, body, null) instanceof Answer.Replied put)
          || !put.isSuccess()) {
        directories.forget(NodeHttp.base(host), device);
        return false;
      }
      if (!(http.exchange("GET", NodeHttp.readBase(host) + path, Purpose.PROBE)
              instanceof Answer.Replied read)
          || !read.isSuccess()) {
        return false;
      }
      if (read.body().equals(body)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the node refuses a body whose digest is not the stated one. */
  boolean rejectsBadMd5(Host host, DeviceId device) {
    var url = NodeHttp.base(host) + directory(device) + "test-md5";
    return put(url, ".", md5("!")) instanceof Answer.Replied replied && replied.status() / 100 == 4;
  }

  private Answer put(String url, String body, @Nullable String contentMd5) {
    return http.exchange(
        "PUT",
        url,
        Purpose.PROBE,
        request ->
            request
                .body(
                    new BytesRequestContent(
                        "application/octet-stream", body.getBytes(StandardCharsets.US_ASCII)))
                .headers(
                    headers -> {
                      if (contentMd5 != null) {
                        headers.put("Content-MD5", contentMd5);
                      }
                    }));
  }

  private static String directory(DeviceId device) {
    return "/" + device.directory() + "/test-write/";
  }

  private static String md5(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
