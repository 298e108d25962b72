package io.hayloft.runtime.config;

import io.hayloft.runtime.config.ConfigProblem.Code;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong while a configuration is read, so that all of it is reported at once. */
final class Problems {

  private final List<ConfigProblem> found = new ArrayList<>();

  void add(Code code, String source, String sentence) {
    found.add(new ConfigProblem(code, source, sentence));
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
  }
}
