package io.hayloft.cli.demo;

import io.hayloft.cli.console.Progress;
import io.hayloft.cli.demo.Store.Stored;
import io.hayloft.client.Hayloft;
import java.io.IOException;
import java.util.List;

/**
 * Reads files through the client and compares them with what was stored, byte for byte in effect.
 */
final class ReadBack {

  private static final int BUFFER = 1 << 16;

  private final Hayloft client;
  private final Lanes lanes;
  private final Failures failures;

  ReadBack(Hayloft client, Lanes lanes, Failures failures) {
    this.client = client;
    this.lanes = lanes;
    this.failures = failures;
  }

  void all(List<Stored> files, Progress bar) throws InterruptedException {
    lanes.forEach(files, file -> compare(file, bar));
  }

  private void compare(Stored file, Progress bar) {
    try (var stream = client.open(file.item().key())) {
      var sha = Store.sha256();
      var buffer = new byte[Math.clamp(file.item().size(), 1, BUFFER)];
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        sha.update(buffer, 0, count);
        bar.addBytes(count);
      }
      if (!Digest.of(sha.digest()).equals(file.digest())) {
        failures.add("key " + file.item().key() + " came back with other bytes");
      }
      bar.addItem();
    } catch (IOException e) {
      failures.add("reading key " + file.item().key() + ": " + e.getMessage());
    }
  }
}
