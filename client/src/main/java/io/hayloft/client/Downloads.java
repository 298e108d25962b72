package io.hayloft.client;

import io.hayloft.client.HayloftException.Origin;
import io.hayloft.client.Lookups.Located;
import io.hayloft.client.net.NodeHttp;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files: as streams, where a failure in the middle is made good by another copy, and as
 * wholes, where even a copy whose checksum is wrong is, because nothing has been handed out yet.
 */
final class Downloads {

  private static final Logger log = LoggerFactory.getLogger(Downloads.class);

  private final NodeHttp nodes;
  private final Lookups lookups;

  Downloads(NodeHttp nodes, Lookups lookups) {
    this.nodes = nodes;
    this.lookups = lookups;
  }

  InputStream open(Key key, ReadOptions options) throws IOException {
    var located = lookups.locate(key, false);
    return stream(located, new ReplicaStream.Part(0, located.length()), options, Set.of());
  }

  InputStream openRange(Key key, long offset, long length, ReadOptions options) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes from byte " + offset);
    }
    var located = lookups.locate(key, false);
    long start = Math.min(offset, located.length());
    long end = start + Math.min(length, located.length() - start);
    return stream(located, new ReplicaStream.Part(start, end), options, Set.of());
  }

  private ReplicaStream stream(
      Located located, ReplicaStream.Part part, ReadOptions options, Set<URI> excluded)
      throws IOException {
    var replicas = new Replicas(located, lookups, excluded);
    var stream = new ReplicaStream(nodes, replicas, located, part, options);
    stream.connect();
    return stream;
  }

  byte[] read(Key key, int limit, ReadOptions options) throws IOException {
    var located = lookups.locate(key, false);
    if (located.length() > limit) {
      throw new HayloftException(
          lookups.subject(key)
              + " has "
              + located.length()
              + " bytes, more than the "
              + limit
              + " allowed. Allow more, or read it as a stream",
          Origin.NONE,
          false);
    }
    var bytes = new byte[(int) located.length()];
    readWhole(located, options, stream -> stream.readNBytes(bytes, 0, bytes.length));
    return bytes;
  }

  /** Takes in all bytes of one attempt; may be called again after a damaged copy. */
  @FunctionalInterface
  private interface Sink {
    void takeFrom(InputStream stream) throws IOException;
  }

  private void readWhole(Located located, ReadOptions options, Sink sink) throws IOException {
    var part = new ReplicaStream.Part(0, located.length());
    var damaged = new HashSet<URI>();
    while (true) {
      var replicas = new Replicas(located, lookups, damaged);
      try (var stream = new ReplicaStream(nodes, replicas, located, part, options)) {
        stream.connect();
        sink.takeFrom(stream);
        return;
      } catch (DamagedFileException e) {
        boolean news = damaged.addAll(replicas.used());
        if (!news || damaged.containsAll(located.paths())) {
          throw e;
        }
        log.warn("reading another copy: {}", e.getMessage());
      }
    }
  }

  /**
   * Reads into a new file beside the target, and puts it in the target's place when all is there.
   */
  void fetch(Key key, Path target, ReadOptions options) throws IOException {
    var located = lookups.locate(key, false);
    var directory = target.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(target)) {
      throw new HayloftException(
          target + " cannot be written: it is a directory. Name a file", Origin.NONE, false);
    }
    var partial = Files.createTempFile(directory, ".hayloft-", ".part");
    try {
      readWhole(located, options, stream -> write(stream, partial));
      move(partial, target);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void write(InputStream stream, Path file) throws IOException {
    try (var channel =
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        var out = Channels.newOutputStream(channel)) {
      stream.transferTo(out);
      channel.force(true);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException sameDirectoryButNotAtomic) {
      log.debug("{} cannot be replaced in one step", to, sameDirectoryButNotAtomic);
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
