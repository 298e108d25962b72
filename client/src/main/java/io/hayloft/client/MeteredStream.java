package io.hayloft.client;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The bytes of an upload as they are sent: counted, digested, and refused when they are not as many
 * as was said. Whatever goes wrong with them comes out as a {@link SourceFailedException}, so that
 * it is not taken for a failure of the storage node.
 */
final class MeteredStream extends InputStream {

  private final InputStream bytes;
  private final OptionalLong expected;
  private final Progress progress;
  private final Optional<HashAlgorithm> algorithm;
  private final Optional<MessageDigest> digest;
  private long count;

  MeteredStream(InputStream bytes, OptionalLong expected, StoreOptions options) {
    this.bytes = bytes;
    this.expected = expected;
    this.progress = options.progress();
    this.algorithm = options.checksum();
    this.digest = algorithm.map(Digests::of);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int most) throws IOException {
    int got;
    try {
      got = bytes.read(into, offset, most);
    } catch (IOException e) {
      throw new SourceFailedException(e);
    }
    if (got < 0) {
      if (expected.isPresent() && count < expected.getAsLong()) {
        throw new SourceFailedException(wrongLength(expected.getAsLong(), "ended after " + count));
      }
      return got;
    }
    count += got;
    if (expected.isPresent() && count > expected.getAsLong()) {
      throw new SourceFailedException(wrongLength(expected.getAsLong(), "has more"));
    }
    digest.ifPresent(each -> each.update(into, offset, got));
    progress.moved(count, expected);
    return got;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  static HayloftException wrongLength(long expected, String instead) {
    return new HayloftException(
        "the source should have "
            + expected
            + " bytes but "
            + instead
            + "; nothing was stored. Give its true length, or none",
        HayloftException.Origin.NONE,
        false);
  }

  long count() {
    return count;
  }

  /** The digest of all that was read; to be asked once, at the end. */
  Optional<Checksum> checksum() {
    return algorithm.map(
        each -> Checksum.of(each, digest.orElseThrow(IllegalStateException::new).digest()));
  }
}
