package io.hayloft.cli.console;

import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The world as a command finds it, so that a test can make another.
 *
 * @param home where the user's own configuration is
 */
public record Surroundings(
    Terminal terminal, Map<String, String> environment, Path home, Means means) {

  /** Time, threads and chance. */
  public record Means(Time time, Tasks tasks, RandomGenerator random) {}

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  public static Surroundings system() {
    var environment = System.getenv();
    return new Surroundings(
        Terminal.system(environment),
        environment,
        Path.of(System.getProperty("user.home")),
        new Means(Time.system(), Tasks.virtual(), Randomness.SYSTEM));
  }

  public Time time() {
    return means.time();
  }

  public Tasks tasks() {
    return means.tasks();
  }

  public RandomGenerator random() {
    return means.random();
  }

  /** An environment variable; one that is set to nothing counts as not set. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
  }

  /** Where this user's programs may leave what they can make again. */
  public Path cache() {
    return variable("XDG_CACHE_HOME")
        .map(Path::of)
        .orElseGet(() -> home.resolve(".cache"))
        .resolve("hayloft");
  }

  /** Where this user's programs keep data. */
  public Path data() {
    return variable("XDG_DATA_HOME")
        .map(Path::of)
        .orElseGet(() -> home.resolve(".local").resolve("share"))
        .resolve("hayloft");
  }
}
