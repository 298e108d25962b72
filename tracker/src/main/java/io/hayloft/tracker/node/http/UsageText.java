package io.hayloft.tracker.node.http;

import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.node.StorageNodes.Usage;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads a device's usage file: lines {@code name: value}, space in KiB. */
final class UsageText {

  private static final long KIB_PER_MIB = 1024;

  private UsageText() {}

  /**
   * The space it tells of. A device that nothing is used of counts, other than in the original,
   * which took an empty disk for a broken one.
   *
   * @param asOf unix time of the reading
   */
  static Usage parse(String text, long asOf) {
    var used = number(text, "used");
    var total = number(text, "total");
    if (used.isEmpty() || total.isEmpty() || total.getAsLong() == 0) {
      return new Usage.Unreadable("usage file without used and total");
    }
    return new Usage.Read(
        new Space(total.getAsLong() / KIB_PER_MIB, used.getAsLong() / KIB_PER_MIB, asOf));
  }

  private static OptionalLong number(String text, String name) {
    var matcher =
        Pattern.compile("^" + name + "[ \t]*:[ \t]*([0-9]{1,18})[ \t\r]*$", Pattern.MULTILINE)
            .matcher(text);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
