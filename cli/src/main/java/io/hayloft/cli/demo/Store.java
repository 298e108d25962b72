package io.hayloft.cli.demo;

import io.hayloft.cli.console.Progress;
import io.hayloft.cli.demo.SourceFiles.Item;
import io.hayloft.client.Hayloft;
import io.hayloft.client.Source;
import io.hayloft.client.StoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Stores files, and keeps the SHA-256 of what was read from the disk on the way, so that each is
 * read once.
 */
final class Store {

  /** A file up to this size is held in memory, so that a failed upload can begin anew. */
  private static final int HELD = 1 << 20;

  private static final int BUFFER = 1 << 16;

  private final Hayloft client;
  private final Lanes lanes;
  private final Failures failures;
  private final List<Stored> stored = new ArrayList<>();

  /** A file that is in the cluster. */
  record Stored(Item item, Digest digest) {}

  Store(Hayloft client, Lanes lanes, Failures failures) {
    this.client = client;
    this.lanes = lanes;
    this.failures = failures;
  }

  /** In the order of their keys. */
  List<Stored> all(List<Item> items, Progress bar) throws InterruptedException {
    lanes.forEach(items, item -> store(item, bar));
    return stored.stream().sorted(Comparator.comparing(each -> each.item().key())).toList();
  }

  private void store(Item item, Progress bar) {
    try {
      var options = StoreOptions.DEFAULT.fileClass(item.fileClass());
      var done = item.size() <= HELD ? storeWhole(item, options) : storeStream(item, options, bar);
      if (item.size() <= HELD) {
        bar.addBytes(item.size());
      }
      bar.addItem();
      synchronized (stored) {
        stored.add(done);
      }
    } catch (IOException e) {
      failures.add("storing " + item.path() + ": " + e.getMessage());
    }
  }

  private Stored storeWhole(Item item, StoreOptions options) throws IOException {
    var bytes = Files.readAllBytes(item.path());
    client.store(item.key(), Source.of(bytes), options);
    return new Stored(item, Digest.of(sha256().digest(bytes)));
  }

  private Stored storeStream(Item item, StoreOptions options, Progress bar) throws IOException {
    var sha = sha256();
    try (var file = new DigestInputStream(Files.newInputStream(item.path()), sha)) {
      client.store(item.key(), Source.of(metered(file, bar), item.size()), options);
    }
    return new Stored(item, Digest.of(sha.digest()));
  }

  private static InputStream metered(InputStream stream, Progress bar) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int count = stream.read(into, offset, Math.min(length, BUFFER));
        if (count > 0) {
          bar.addBytes(count);
        }
        return count;
      }
    };
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
