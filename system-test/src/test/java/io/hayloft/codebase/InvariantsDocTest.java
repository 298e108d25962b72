package io.hayloft.codebase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/invariants.md names the test behind each rule, and docs/compatibility.md that behind each
 * feature; a test that is renamed takes its line along.
 */
class InvariantsDocTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern NAMED = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

  @ParameterizedTest
  @ValueSource(strings = {"invariants.md", "compatibility.md"})
  void everyTestThatARuleNamesExists(String document) throws IOException {
    var tests = testSources();
    var missing = new TreeSet<String>();
    int named = 0;
    var matcher = NAMED.matcher(Files.readString(ROOT.resolve("docs").resolve(document)));
    while (matcher.find()) {
      named++;
      var source = tests.getOrDefault(matcher.group(1), "");
      var method = matcher.group(2);
      if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
        missing.add(matcher.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).as("tests named").isGreaterThan(20);
  }

  private static Map<String, String> testSources() throws IOException {
    var sources = new HashMap<String, String>();
    try (var files = Files.walk(ROOT)) {
      for (var file :
          files
              .filter(each -> each.toString().endsWith("Test.java"))
              .filter(each -> each.toString().contains("/src/test/"))
              .toList()) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }
}
