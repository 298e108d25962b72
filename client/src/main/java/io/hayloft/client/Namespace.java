package io.hayloft.client;

import io.hayloft.protocol.Key;
import java.util.Optional;

/**
 * The domain a client works in, and how its commands begin.
 *
 * @param zone which of a host's addresses the tracker shall name; {@code alt} for the alternate one
 */
record Namespace(String domain, Optional<String> fileClass, Optional<String> zone) {

  Namespace {
    if (domain.isEmpty()) {
      throw new IllegalArgumentException("no domain was named; every file belongs to one");
    }
  }

  Call read(String command) {
    return Call.read(command).withText("domain", domain);
  }

  Call change(String command) {
    return Call.change(command).withText("domain", domain);
  }

  /** With the zone, on the commands that have to do with addresses. */
  Call zoned(Call call) {
    return zone.isPresent() ? call.withText("zone", zone.get()) : call;
  }

  /** The file in words, for messages. */
  String subject(Key key) {
    return "key " + key + " in domain " + domain;
  }
}
