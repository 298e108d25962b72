package io.hayloft.tracker;

import io.hayloft.protocol.WireText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;

/**
 * Lines that a client might send: commands with arguments that may fit, words for the console, and
 * noise. None contains a line end, and none does what would only keep others from being answered.
 */
final class FuzzedLines {

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "00",
          "0.5",
          "1e9",
          "255",
          "256",
          "65535",
          "65536",
          "16777215",
          "16777216",
          "2147483647",
          "4294967295",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999999999",
          " 7",
          "+7",
          "7x",
          "0x1f");

  private static final List<String> WORDS =
      List.of(
          "",
          "d",
          "k",
          "default",
          "h1",
          "10.0.0.1",
          "10.0.0.9",
          "alive",
          "down",
          "drain",
          "MultipleHosts(2)",
          "MultipleDevices()",
          "Union(MultipleHosts(2),",
          "MD5",
          "NONE",
          "alt",
          "MD5:827ccb0eea8a706c4c34a16891f84e7b",
          "10.0.0.0/8",
          "memcache_ttl",
          "zone_a",
          "http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid",
          "'; DROP TABLE file; --",
          "%",
          "_",
          "\\",
          "\"",
          "(",
          "a\0b",
          "x".repeat(255),
          "x".repeat(256),
          "x".repeat(70_000),
          "\u00e9\u00ff",
          "\u00c3\u00a9",
          "OK \r\nOK \r\n",
          "\n.\n");

  /** The stall of all requests, and of one for long, are what these words ask for. */
  private static final List<String> LEFT_OUT = List.of("sleep", "do_monitor_round");

  private static final List<CommandTable.Entry> COMMANDS =
      CommandTable.entries().stream().filter(entry -> !LEFT_OUT.contains(entry.command())).toList();

  private static final RandomGenerator<String> LINES = lines().generator(1000, false);

  private FuzzedLines() {}

  /** Only within a session of jqwik. */
  static String next(Random random) {
    return LINES.next(random).value();
  }

  private static Arbitrary<String> lines() {
    return Arbitraries.frequencyOf(
        Tuple.of(12, commands()),
        Tuple.of(2, console()),
        Tuple.of(2, noise(80).map(line -> "?" + line)),
        Tuple.of(1, noise(200).map(line -> "get_paths domain=d&key=" + line)),
        Tuple.of(1, noise(30).map(FuzzedLines::harmless)),
        Tuple.of(1, Arbitraries.just("")));
  }

  private static Arbitrary<String> commands() {
    return Arbitraries.of(COMMANDS)
        .flatMap(
            entry ->
                values()
                    .list()
                    .ofSize(entry.arguments().size())
                    .map(values -> request(entry, values)));
  }

  private static String request(CommandTable.Entry entry, List<String> values) {
    var pairs = new ArrayList<String>();
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).equals("\u0001")) {
        pairs.add(entry.arguments().get(i) + "=" + WireText.escape(values.get(i)));
      }
    }
    return entry.command() + " " + String.join("&", pairs);
  }

  private static Arbitrary<String> values() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.of(WORDS)),
        Tuple.of(2, Arbitraries.of(NUMBERS)),
        Tuple.of(2, Arbitraries.of("d", "k", "1")),
        Tuple.of(1, Arbitraries.just("\u0001")),
        Tuple.of(1, bytes(300)));
  }

  private static Arbitrary<String> console() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            3,
            Arbitraries.of(
                "!stats",
                "!jobs",
                "!recent",
                "!times",
                "!queue",
                "!watch",
                "!version",
                "!shutdown",
                "!to delete :wake_up",
                "!to delete :shutdown",
                "!to x",
                "!want 3 replicate",
                "!want 0 delete",
                "!want 99999999999999999999 monitor",
                "!want",
                "!replication")),
        Tuple.of(1, noise(40).map(line -> "!" + line).map(FuzzedLines::harmless)));
  }

  /** Noise that begins by chance with a word that is left out. */
  private static String harmless(String line) {
    return line.matches("(?s)\\s*(?i:sleep|do_monitor).*|!want.*") ? "noop" : line;
  }

  private static Arbitrary<String> noise(int longest) {
    return bytes(longest).map(line -> line.replaceAll("[\\r\\n]", "&"));
  }

  private static Arbitrary<String> bytes(int longest) {
    return Arbitraries.strings()
        .withCharRange('\0', '\u00ff')
        .withChars('&', '=', '+', '%', '!', '.', ' ', '0', 'a', 'A', '_')
        .ofMaxLength(longest);
  }
}
