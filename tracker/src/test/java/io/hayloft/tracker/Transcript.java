package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conversations with a tracker as people write them down, in {@code
 * src/test/resources/transcripts}. A file has scenes; each is played to a tracker of its own on an
 * empty database.
 *
 * <pre>
 *   # a remark
 *   == what the scene shows
 *   $ host 1                  something is done first; see {@link Stage}
 *   C: noop callid=7          the client says
 *   S: OK callid=7            the server answers, byte by byte; nothing below a C: means no answer
 *   S: uptime &lt;\d+&gt;           what varies, as a regular expression
 *   T: SELECT fid FROM file   the database is asked
 *   =  1 | NULL               and has this row
 * </pre>
 *
 * <p>{@code \s} at the end of an answer is a blank, {@code \xHH} a byte, <code>{x*256}</code> 256
 * times x, and <code>\&lt;</code> what else would begin an expression.
 */
final class Transcript {

  static final Path DIRECTORY = Path.of("src", "test", "resources", "transcripts");

  private static final Pattern BYTE = Pattern.compile("\\\\x(\\p{XDigit}{2})");
  private static final Pattern TIMES = Pattern.compile("\\{(.)\\*(\\d+)}");
  private static final Pattern VARYING = Pattern.compile("(?<!\\\\)<(.*?)(?<!\\\\)>");

  private Transcript() {}

  /** A line that does something, with the lines below it that say what must come of it. */
  record Turn(Kind kind, String text, List<String> expected) {}

  enum Kind {
    DO("$ ", ""),
    SAY("C: ", "S: "),
    QUERY("T: ", "=  ");

    private final String mark;
    private final String outcome;

    Kind(String mark, String outcome) {
      this.mark = mark;
      this.outcome = outcome;
    }

    String mark() {
      return mark;
    }

    String outcome() {
      return outcome;
    }
  }

  record Scene(String file, String name, List<Turn> turns) {

    /** As it stands in the file, without remarks. */
    String text() {
      var text = new StringBuilder();
      for (var turn : turns) {
        text.append(turn.kind().mark()).append(turn.text()).append('\n');
        turn.expected()
            .forEach(line -> text.append(turn.kind().outcome()).append(line).append('\n'));
      }
      return text.toString();
    }
  }

  /** All scenes of all files. */
  static List<Scene> scenes() {
    try (var files = Files.list(DIRECTORY)) {
      var scenes = new ArrayList<Scene>();
      for (var file : files.sorted().toList()) {
        scenes.addAll(read(file));
      }
      return scenes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Scene> read(Path file) throws IOException {
    var scenes = new ArrayList<Scene>();
    var turns = new ArrayList<Turn>();
    var name = "";
    for (var line : Files.readAllLines(file, ISO_8859_1)) {
      if (line.startsWith("== ")) {
        add(scenes, file, name, turns);
        name = line.substring(3);
        turns = new ArrayList<>();
      } else if (!line.isBlank() && !line.startsWith("#")) {
        addLine(turns, line, file);
      }
    }
    add(scenes, file, name, turns);
    return scenes;
  }

  private static void add(List<Scene> scenes, Path file, String name, List<Turn> turns) {
    if (!turns.isEmpty()) {
      scenes.add(new Scene(file.getFileName().toString(), name, turns));
    }
  }

  private static void addLine(List<Turn> turns, String line, Path file) {
    for (var kind : Kind.values()) {
      if (begins(line, kind.mark())) {
        turns.add(new Turn(kind, after(line, kind.mark()), new ArrayList<>()));
        return;
      }
    }
    var last = turns.isEmpty() ? null : turns.getLast();
    var outcome = last == null ? "" : last.kind().outcome();
    if (last == null || outcome.isEmpty() || !begins(line, outcome)) {
      throw new IllegalArgumentException(file + ": out of place: " + line);
    }
    last.expected().add(after(line, outcome));
  }

  /** A mark with nothing behind it need not have its blanks either. */
  private static boolean begins(String line, String mark) {
    return line.startsWith(mark) || line.equals(mark.strip());
  }

  private static String after(String line, String mark) {
    return line.length() < mark.length() ? "" : line.substring(mark.length());
  }

  /** The bytes that a {@code C:} line stands for. */
  static String bytes(String text) {
    var repeated =
        TIMES
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group(1).repeat(Integer.parseInt(found.group(2)))));
    return BYTE.matcher(repeated)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }

  /** Whether a line is what an {@code S:} line asks for. */
  static boolean isAsExpected(String expected, String actual) {
    var text =
        expected.endsWith("\\s") ? expected.substring(0, expected.length() - 2) + " " : expected;
    var pattern = new StringBuilder();
    int from = 0;
    var varying = VARYING.matcher(text);
    while (varying.find()) {
      pattern.append(literal(text.substring(from, varying.start()))).append("(?:");
      pattern.append(varying.group(1)).append(')');
      from = varying.end();
    }
    return actual.matches(pattern.append(literal(text.substring(from))).toString());
  }

  private static String literal(String text) {
    return Pattern.quote(text.replace("\\<", "<").replace("\\>", ">"));
  }
}
