package io.hayloft.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/**
 * The name an application gives a file within a domain: 1 to {@value #MAX_BYTES} arbitrary bytes,
 * compared byte by byte. {@code 0} is as good a key as any.
 *
 * @param wire the bytes, one per char
 */
public record Key(String wire) implements Comparable<Key> {

  public static final int MAX_BYTES = 255;

  public Key {
    if (wire.isEmpty() || wire.length() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + MAX_BYTES + " bytes, not " + wire.length());
    }
    for (int i = 0; i < wire.length(); i++) {
      if (wire.charAt(i) > 255) {
        throw new IllegalArgumentException("a key is made of bytes; use Key.utf8 for text");
      }
    }
  }

  /** The key for a text, encoded as UTF-8. */
  public static Key utf8(String text) {
    return of(text.getBytes(UTF_8));
  }

  public static Key of(byte[] bytes) {
    return new Key(new String(bytes, ISO_8859_1));
  }

  public byte[] bytes() {
    return wire.getBytes(ISO_8859_1);
  }

  /** The order of the bytes, each taken as unsigned. */
  @Override
  public int compareTo(Key other) {
    return wire.compareTo(other.wire);
  }

  /** For people: decoded as UTF-8 where the bytes are UTF-8, otherwise byte by byte. */
  @Override
  public String toString() {
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return wire;
    }
  }
}
