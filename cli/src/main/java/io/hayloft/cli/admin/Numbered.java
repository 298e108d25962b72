package io.hayloft.cli.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lists in a tracker's reply, where {@code copy_2_host} is the host of the second copy. */
final class Numbered {

  private Numbered() {}

  /** The members of a list, each with its values by name. */
  static List<Map<String, @Nullable Object>> list(Map<String, String> reply, String name) {
    var members = new ArrayList<Map<String, @Nullable Object>>();
    for (int i = 1; ; i++) {
      var prefix = name + "_" + i + "_";
      var member = new LinkedHashMap<String, @Nullable Object>();
      reply.forEach(
          (key, value) -> {
            if (key.startsWith(prefix)) {
              member.put(key.substring(prefix.length()), value);
            }
          });
      if (member.isEmpty()) {
        return members;
      }
      members.add(member);
    }
  }

  /** The members of a list of plain values. */
  static List<String> values(Map<String, String> reply, String name) {
    var values = new ArrayList<String>();
    for (int i = 1; reply.containsKey(name + "_" + i); i++) {
      values.add(reply.getOrDefault(name + "_" + i, ""));
    }
    return values;
  }

  /** One value as text; empty when there is none. */
  static String text(Map<String, @Nullable Object> member, String name) {
    var value = member.get(name);
    return value == null ? "" : value.toString();
  }

  static long number(Map<String, String> reply, String name) {
    var text = reply.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
