package io.hayloft.tracker.store.replica;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A read replica as operators name it.
 *
 * @param key its name in the settings
 * @param url its JDBC address
 * @param patience how long connecting to it, or an answer, may take
 */
public record ReplicaAddress(
    String key, String url, String user, String password, Duration patience) {

  private static final Pattern HOST = Pattern.compile("//(?:\\[([^\\]]*)\\]|([^:/?,]*))");

  /** The machine that it is on; empty when the address does not say. */
  public String host() {
    var host = HOST.matcher(url);
    if (!host.find()) {
      return "";
    }
    return host.group(1) != null ? host.group(1) : host.group(2);
  }

  /** Neither the account nor the parameters, among which there may be a password. */
  @Override
  public String toString() {
    int parameters = url.indexOf('?');
    return key + " at " + (parameters < 0 ? url : url.substring(0, parameters));
  }
}
