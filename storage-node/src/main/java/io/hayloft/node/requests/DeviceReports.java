package io.hayloft.node.requests;

import java.util.List;
import java.util.function.Supplier;

/** {@code GET /-/report}: the room, business, failures and times of each device. */
public final class DeviceReports {

  private static final int UNDER_WAY = 16;

  private DeviceReports() {}

  public static NativeRequest request(Supplier<List<String>> lines) {
    return new NativeRequest(
        "GET", "report", false, UNDER_WAY, _ -> answer -> lines.get().forEach(answer::line));
  }
}
