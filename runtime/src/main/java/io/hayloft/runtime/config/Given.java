package io.hayloft.runtime.config;

import java.util.List;

/** A value as a source gives it, before it is known what type it should have. */
sealed interface Given {

  /** Where it stands, for people. */
  String source();

  /** A scalar; it may still be a list written with commas. */
  record One(String source, String text) implements Given {}

  /** A list of the file format, whose items may contain commas. */
  record Many(String source, List<String> items) implements Given {

    public Many {
      items = List.copyOf(items);
    }
  }
}
