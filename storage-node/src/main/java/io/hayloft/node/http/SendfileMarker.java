package io.hayloft.node.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/**
 * Buffers that stand for bytes of a file. Jetty counts, slices and consumes them as it does
 * content; {@link SendfileEndPoint} knows its own by identity and sends the file's bytes in their
 * place. So nothing else in Jetty has to know about sendfile.
 *
 * <p>All are slices of one mapping of an empty file. They cost address space and no memory, and
 * they cannot be mistaken for content: whoever reads one gets an {@link InternalError}, and the
 * kernel refuses to send one, so that no wrong byte can reach a client.
 */
final class SendfileMarker {

  /** The most that one marker stands for; longer bodies take several. */
  static final int MAX_LENGTH = 256 << 20;

  private final ByteBuffer master;

  private SendfileMarker(ByteBuffer master) {
    this.master = master;
  }

  static SendfileMarker create() throws IOException {
    var file = Files.createTempFile("hayloft", ".marker");
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var master = channel.map(FileChannel.MapMode.READ_WRITE, 0, MAX_LENGTH);
      channel.truncate(0);
      return new SendfileMarker(master.asReadOnlyBuffer());
    } finally {
      Files.delete(file);
    }
  }

  ByteBuffer ofLength(int length) {
    return master.slice(0, length);
  }
}
