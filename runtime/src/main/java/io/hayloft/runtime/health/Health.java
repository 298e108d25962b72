package io.hayloft.runtime.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named checks that tell whether this process should be restarted (it is not live) or spared
 * requests for now (it is not ready). A process that is not live is not ready either.
 */
public final class Health {

  private static final Logger log = LoggerFactory.getLogger(Health.class);

  private final Map<String, Check> liveness = new ConcurrentHashMap<>();
  private final Map<String, Check> readiness = new ConcurrentHashMap<>();

  /**
   * Looks at one thing. It reads what others have noted and does no I/O, since it runs on the
   * thread of whoever asks, and perhaps often.
   */
  @FunctionalInterface
  public interface Check {

    /** What is wrong, as a sentence for people; empty when all is well. */
    Optional<String> problem();
  }

  /**
   * What the checks said.
   *
   * @param problems the sentences by check, empty ones for what is well, in the order of names
   */
  public record Report(Map<String, Optional<String>> problems) {

    public Report {
      problems = Collections.unmodifiableMap(new TreeMap<>(problems));
    }

    public boolean isOk() {
      return problems.values().stream().allMatch(Optional::isEmpty);
    }

    /** {@code {"status": "failing", "checks": {"database": "no answer for 3 s"}}}. */
    public Map<String, Object> json() {
      var checks = new LinkedHashMap<String, Object>();
      problems.forEach((name, problem) -> checks.put(name, problem.orElse("ok")));
      var json = new LinkedHashMap<String, Object>();
      json.put("status", isOk() ? "ok" : "failing");
      json.put("checks", checks);
      return json;
    }
  }

  /** Adds a check whose failure only a restart mends. */
  public Health live(String name, Check check) {
    return add(liveness, name, check);
  }

  /** Adds a check whose failure means that requests would fail. */
  public Health ready(String name, Check check) {
    return add(readiness, name, check);
  }

  private Health add(Map<String, Check> checks, String name, Check check) {
    if (checks.putIfAbsent(name, check) != null) {
      throw new IllegalStateException("there is a check " + name + " already");
    }
    return this;
  }

  public Report liveness() {
    return new Report(run(liveness));
  }

  public Report readiness() {
    var problems = run(readiness);
    run(liveness)
        .forEach((name, problem) -> problems.merge(name, problem, (a, b) -> a.isPresent() ? a : b));
    return new Report(problems);
  }

  private static Map<String, Optional<String>> run(Map<String, Check> checks) {
    var problems = new TreeMap<String, Optional<String>>();
    checks.forEach((name, check) -> problems.put(name, run(name, check)));
    return problems;
  }

  private static Optional<String> run(String name, Check check) {
    try {
      return check.problem();
    } catch (RuntimeException e) {
      log.warn("the check {} itself failed", name, e);
      return Optional.of("the check itself failed: " + e);
    }
  }
}
