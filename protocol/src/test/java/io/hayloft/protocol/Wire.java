package io.hayloft.protocol;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Any bytes, as the wire holds them: one per char. */
final class Wire {

  private Wire() {}

  static Arbitrary<String> bytes() {
    return Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(60);
  }

  static Arbitrary<String> someBytes() {
    return Arbitraries.strings().withCharRange('\0', '\u00ff').ofMinLength(1).ofMaxLength(60);
  }
}
