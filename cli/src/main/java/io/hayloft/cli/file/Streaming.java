package io.hayloft.cli.file;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.Hayloft;
import java.io.IOException;
import java.util.List;

/** Files one after the other to standard output. */
final class Streaming {

  private Streaming() {}

  static void toOutput(Surroundings surroundings, Hayloft client, List<String> keys)
      throws IOException {
    var out = surroundings.terminal().out();
    for (var key : keys) {
      try (var file = client.open(key)) {
        file.transferTo(out);
      }
    }
    if (out.checkError()) {
      throw new IOException("standard output was closed before all bytes were written");
    }
  }
}
