package io.hayloft.bench.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hayloft.bench.cluster.NodeLine;
import io.hayloft.bench.load.Span;
import io.hayloft.bench.server.Server;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Files of one length, each with bytes of its own, which their number tells.
 *
 * @param bytes of each file
 */
record Population(Span files, int bytes) {

  private static final int LANES = 16;

  /** Bodies under way may take so much memory, over all lanes. */
  private static final int MOST_UNDER_WAY = 32 << 20;

  private static final int WRITERS = 2;

  /** As many files have their directory in common, if the first one's number is a multiple. */
  private static final int RUN = 1000;

  /** docs/node-protocol.md; the view adds what goes before it. */
  private static final String CHECKSUM = "hayloft.crc32c";

  private static final int LOOKED_AT = 50;

  /** What all files of a length have in common. */
  static byte[] block(int bytes) {
    var block = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(block);
    return block;
  }

  private byte[] bytes(byte[] block, int index) {
    var own = block.clone();
    if (own.length >= Long.BYTES) {
      ByteBuffer.wrap(own).putLong(files.first() + index);
    }
    return own;
  }

  /** Stores them all through a server. */
  void store(Server server, Tasks tasks) throws InterruptedException {
    var block = block(bytes);
    int lanes = Math.clamp(MOST_UNDER_WAY / bytes, 1, LANES);
    tasks.forEach(
        IntStream.range(0, lanes).boxed().toList(),
        lanes,
        lane -> {
          try (var line = NodeLine.open(server.address())) {
            for (int i = lane; i < files.count(); i += lanes) {
              line.put(files.path(i), bytes(block, i));
            }
          }
          return lane;
        });
  }

  /**
   * Writes them all to where a node keeps its files, past the node but with what it keeps of each:
   * several times faster than asking it. Two at a time, which is what a disk's directories take.
   */
  void lay(Path docroot, Tasks tasks) throws InterruptedException {
    var block = block(bytes);
    tasks.forEach(
        IntStream.range(0, WRITERS).boxed().toList(),
        WRITERS,
        writer -> {
          try {
            for (int i = writer * RUN; i < files.count(); i += WRITERS * RUN) {
              Files.createDirectories(files.file(docroot, i).getParent());
              for (int j = i; j < Math.min(i + RUN, files.count()); j++) {
                lay(files.file(docroot, j), bytes(block, j));
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return writer;
        });
  }

  private static void lay(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var crc = new CRC32C();
    crc.update(bytes);
    var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    if (view != null) {
      view.write(CHECKSUM, US_ASCII.encode("%08x".formatted(crc.getValue())));
    }
  }

  /**
   * Reads some of them through a server.
   *
   * @throws IllegalStateException when it answers other bytes
   */
  void mustBeServedBy(Server server) {
    var block = block(bytes);
    try (var line = NodeLine.open(server.address())) {
      for (int i = 0; i < files.count(); i += step(files.count())) {
        if (!Arrays.equals(bytes(block, i), line.get(files.path(i)))) {
          throw new IllegalStateException(
              server.contender() + " has other bytes of " + files.path(i));
        }
      }
    }
  }

  /** Files that were asked to be written one after the other; after the last one the first. */
  record Written(long begin, long acknowledged, int underWay) {}

  /**
   * Looks whether as many files are there as were acknowledged, and reads some of them. Which ones
   * were still under way at the end nobody knows: those of a connection that was slow lie far back.
   *
   * @param body which each of them was to have
   * @throws IllegalStateException when too few are there, or one with other bytes
   */
  void mustBeWritten(Path docroot, byte[] body, Written written) {
    long asked = Math.min(files.count(), written.acknowledged() + written.underWay());
    int there = 0;
    try {
      for (int i = 0; i < asked; i++) {
        int index = (int) ((written.begin() + i) % files.count());
        var file = files.file(docroot, index);
        if (Files.exists(file)) {
          there++;
          if (i % step((int) asked) == 0 && !Arrays.equals(body, Files.readAllBytes(file))) {
            throw new IllegalStateException(files.path(index) + " has other bytes");
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a file that was acknowledged cannot be read", e);
    }
    if (there < Math.min(files.count(), written.acknowledged())) {
      throw new IllegalStateException(
          "only %,d of %,d files that were acknowledged are there"
              .formatted(there, written.acknowledged()));
    }
  }

  private static int step(int count) {
    return Math.max(1, count / LOOKED_AT);
  }
}
