package io.hayloft.cli.takeover;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.schema.survey.Survey;
import io.hayloft.schema.survey.Survey.SampledKey;
import io.hayloft.schema.survey.Table.Column;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** How keys compare, and in which bytes they are stored. */
final class KeyFindings {

  private static final String WHERE = "file.dkey";

  /** What the servers call latin1. */
  private static final Charset LATIN1_OF_SERVERS = Charset.forName("windows-1252");

  private KeyFindings() {}

  static List<Finding> of(Survey survey) {
    var file = survey.tables().get("file");
    var column = file == null ? null : file.columns().get("dkey");
    if (column == null) {
      return List.of();
    }
    var findings = new ArrayList<Finding>();
    findings.add(comparison(column));
    encoding(column, survey.files().keys(), findings);
    if (survey.files().unusable() > 0) {
      findings.add(
          Finding.blocks(
              "file rows",
              "%d have no key or the fid 0, which no tracker ever wrote."
                  .formatted(survey.files().unusable()),
              "Look where they come from, and delete them."));
    }
    return findings;
  }

  private static Finding comparison(Column column) {
    var collation = column.collation().toLowerCase(Locale.ROOT);
    if (collation.isEmpty()) {
      return Finding.adopted(WHERE, "Keys compare byte by byte (%s).".formatted(column.fullType()));
    }
    var same = new ArrayList<String>();
    if (collation.endsWith("_ci")) {
      same.add("'Foo' and 'foo'");
      if (!collation.contains("_as_")) {
        same.add("often 'e' and 'é'");
      }
    }
    boolean padded = !collation.contains("nopad") && !collation.contains("_0900_");
    if (padded) {
      same.add("'foo' and 'foo '");
    }
    return same.isEmpty()
        ? Finding.adopted(WHERE, "Keys compare byte by byte (%s).".formatted(collation))
        : Finding.differs(
            WHERE,
            ("Collation %s stays: %s are one key, as before. Only new installations compare"
                    + " byte by byte. A prefix in list_keys is compared by bytes also here.")
                .formatted(collation, String.join(", ", same)));
  }

  private static void encoding(Column column, List<SampledKey> keys, List<Finding> findings) {
    var other = keys.stream().filter(key -> !isAscii(key.stored())).toList();
    if (other.isEmpty()) {
      findings.add(
          Finding.adopted(
              WHERE,
              "All of %d keys looked at are ASCII: no question of character sets."
                  .formatted(keys.size())));
      return;
    }
    long lost = count(other, key -> marks(key.seen()) > marks(key.stored()));
    if (lost > 0) {
      findings.add(
          Finding.blocks(
              WHERE,
              ("%s have characters that a latin1 connection cannot say: the old trackers"
                      + " spoke another character set to the database.")
                  .formatted(share(lost, keys.size())),
              "Ask for help before anything else; these keys would not be found."));
    }
    boolean isText = !column.charset().isEmpty();
    long twice =
        count(other, key -> isText && !key.stored().equals(key.seen()) && isUtf8(key.seen()));
    if (twice > 0) {
      findings.add(
          Finding.adopted(
              WHERE,
              ("%s are stored as UTF-8 encoded twice (column %s, connection latin1). Clients get"
                      + " and send plain UTF-8, as before; SQL tools show 'Ã¼' for 'ü'."
                      + " Nothing is converted.")
                  .formatted(share(twice, keys.size()), column.charset())));
    }
    long plain = count(other, key -> key.stored().equals(key.seen()) && isUtf8(key.seen()));
    if (plain > 0) {
      findings.add(
          Finding.adopted(
              WHERE,
              "%s are UTF-8 in a %s column; clients get these bytes, as before."
                  .formatted(share(plain, keys.size()), isText ? column.charset() : "byte")));
    }
    long twiceForClients =
        count(other, key -> onceLess(key.seen()).filter(KeyFindings::isUtf8).isPresent());
    if (twiceForClients > 0) {
      findings.add(
          Finding.adopted(
              WHERE,
              ("%s are UTF-8 encoded twice also for clients: an application did so. They get the"
                      + " same bytes as before.")
                  .formatted(share(twiceForClients, keys.size()))));
    }
    long neither = count(other, key -> !isUtf8(key.seen()) && !isAscii(key.seen()));
    if (neither > 0) {
      findings.add(
          Finding.adopted(
              WHERE,
              "%s are not UTF-8; clients get the same bytes as before."
                  .formatted(share(neither, keys.size()))));
    }
  }

  private static long count(List<SampledKey> keys, Predicate<SampledKey> which) {
    return keys.stream().filter(which).count();
  }

  private static String share(long some, int all) {
    return String.format(
        Locale.ROOT, "%d of %d keys looked at (%.1f %%)", some, all, 100.0 * some / all);
  }

  private static long marks(String bytes) {
    return bytes.chars().filter(c -> c == '?').count();
  }

  private static boolean isAscii(String bytes) {
    return bytes.chars().allMatch(c -> c < 128);
  }

  /** Whether bytes, one per char, are UTF-8 of more than ASCII. */
  static boolean isUtf8(String bytes) {
    return !isAscii(bytes) && decoded(bytes).isPresent();
  }

  /** Bytes of which the given ones are the UTF-8, taken for latin1; empty where they are not. */
  static Optional<String> onceLess(String bytes) {
    return decoded(bytes)
        .filter(text -> LATIN1_OF_SERVERS.newEncoder().canEncode(text))
        .map(text -> new String(text.getBytes(LATIN1_OF_SERVERS), ISO_8859_1));
  }

  private static Optional<String> decoded(String bytes) {
    try {
      return Optional.of(
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
