package io.hayloft.cli.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lines {@code name: value} that a storage node publishes of a device; sizes in KiB. */
record UsageFile(Map<String, String> values) {

  private static final List<String> NEEDED = List.of("total", "used", "available", "time");

  static UsageFile parse(byte[] document) {
    var values = new HashMap<String, String>();
    new String(document, ISO_8859_1)
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                values.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
              }
            });
    return new UsageFile(values);
  }

  /** The first thing that is not there though the trackers need it. */
  Optional<String> missing() {
    return NEEDED.stream()
        .filter(name -> !values.getOrDefault(name, "").matches("[0-9]{1,18}"))
        .findFirst();
  }

  long kib(String name) {
    return Long.parseLong(values.getOrDefault(name, "0"));
  }

  double gib(String name) {
    return kib(name) / 1024.0 / 1024.0;
  }
}
