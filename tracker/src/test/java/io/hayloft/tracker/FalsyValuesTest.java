package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Empty, {@code 0}, {@code 00} and {@code 0.0} for every argument of every command ({@code
 * falsy.txt}). A number of bugs of the original were a zero taken for nothing, or the other way
 * about.
 */
class FalsyValuesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final List<String> VALUES = List.of("", "0", "00", "0.0");

  /** A request without one argument, and what is answered when that has each of the values. */
  private record Row(String request, String argument, List<String> answers) {

    String command() {
      return request.split(" ")[0];
    }
  }

  private static List<Row> rows() {
    try (var lines = Files.lines(Path.of("src", "test", "resources", "falsy.txt"))) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> Arrays.stream(line.split(" \\| ", -1)).map(String::strip).toList())
          .map(cells -> new Row(cells.get(0), cells.get(1), cells.subList(2, cells.size())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyArgumentOfEveryCommandHasARow() {
    var expected = new TreeSet<String>();
    CommandTable.entries().stream()
        .filter(entry -> entry.elsewhere().isEmpty())
        .forEach(
            entry -> entry.arguments().forEach(each -> expected.add(entry.command() + " " + each)));
    expected.add("noop callid");

    var listed = new TreeSet<String>();
    rows().forEach(row -> listed.add(row.command() + " " + row.argument()));
    assertThat(listed).isEqualTo(expected);
    assertThat(rows()).allSatisfy(row -> assertThat(row.answers()).hasSameSizeAs(VALUES));
  }

  @TestFactory
  Stream<DynamicTest> commands() {
    var byCommand = new LinkedHashMap<String, List<Row>>();
    rows()
        .forEach(row -> byCommand.computeIfAbsent(row.command(), c -> new ArrayList<>()).add(row));
    return byCommand.entrySet().stream()
        .map(entry -> dynamicTest(entry.getKey(), () -> ask(entry.getValue())));
  }

  private static void ask(List<Row> rows) throws SQLException {
    try (var tracker = WireFixture.start(DATABASE)) {
      tracker.ok("create_domain domain=d");
      tracker.ok("create_class domain=d&class=0&mindevcount=1");
      tracker.addHost(1);
      tracker.store("d", "0", "zero");
      tracker.store("d", "00", "twice");
      tracker.nodes().remove(1, tracker.store("d", "gone", "x"));
      int number = 10;
      var expected = new ArrayList<String>();
      var actual = new ArrayList<String>();
      for (var row : rows) {
        for (int i = 0; i < VALUES.size(); i++) {
          var answer = row.answers().get(i);
          if (answer.equals("-")) {
            continue;
          }
          number++;
          var line = line(row, VALUES.get(i), number, tracker);
          var reply = tracker.ask(line);
          expected.add(line + " → " + answer);
          actual.add(line + " → " + (fits(answer, reply) ? answer : reply));
        }
      }
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static String line(Row row, String value, int number, WireFixture tracker) {
    var request = row.request().replace("{n}", Integer.toString(number));
    if (request.contains("{open}")) {
      request = request.replace("{open}", opened(tracker));
    }
    return request + (request.contains(" ") ? "&" : " ") + row.argument() + "=" + value;
  }

  private static String opened(WireFixture tracker) {
    var opened = tracker.ok("create_open domain=d");
    var path = WireFixture.value(opened, "path");
    tracker.nodes().put(path.substring(path.indexOf("/dev")), new byte[5]);
    return "fid=%s&devid=%s&path=%s".formatted(opened.get("fid"), opened.get("devid"), path);
  }

  private static boolean fits(String answer, String reply) {
    return answer.startsWith("~")
        ? reply.matches(answer.substring(1))
        : answer.equals("OK") ? reply.startsWith("OK ") : reply.startsWith("ERR " + answer + " ");
  }
}
