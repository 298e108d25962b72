package io.hayloft.runtime.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalStateException("a configuration without problems is no exception");
    }
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of sources: file, environment, flags, then the keys' own. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
