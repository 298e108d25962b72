package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A line of a copy request.
 *
 * @param length that the source must have, in bytes
 * @param known digests that the source must have
 * @param wanted a digest to compute and tell
 */
record CopyOrder(
    BlobPath to,
    SourceUrl from,
    long length,
    Map<DigestName, String> known,
    Optional<DigestName> wanted) {

  private static final String WANT = "want=";

  static CopyOrder parse(String line) throws BadRequestException {
    var words = Words.of(line);
    if (words.size() < 3) {
      throw new BadRequestException("Not PATH SOURCE-URL LENGTH: " + Words.reason(line));
    }
    var known = new EnumMap<DigestName, String>(DigestName.class);
    var wanted = Optional.<DigestName>empty();
    for (var word : words.subList(3, words.size())) {
      if (word.startsWith(WANT)) {
        if (wanted.isPresent()) {
          throw new BadRequestException("More than one digest is wanted: " + Words.reason(line));
        }
        wanted = Optional.of(name(word.substring(WANT.length())));
      } else {
        know(word, known);
      }
    }
    return new CopyOrder(
        Words.path(words.get(0)),
        SourceUrl.parse(words.get(1)),
        Words.number(words.get(2), "a length"),
        known,
        wanted);
  }

  private static void know(String word, Map<DigestName, String> known) throws BadRequestException {
    int colon = word.indexOf(':');
    if (colon < 0) {
      throw new BadRequestException("Not a digest: " + Words.reason(word));
    }
    var name = name(word.substring(0, colon));
    var hex = word.substring(colon + 1);
    boolean fits =
        hex.length() == name.hexLength()
            && hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!fits || known.put(name, hex) != null) {
      throw new BadRequestException("Not a digest, or it is there twice: " + Words.reason(word));
    }
  }

  private static DigestName name(String word) throws BadRequestException {
    return DigestName.named(word)
        .orElseThrow(() -> new BadRequestException("No digest is called " + Words.reason(word)));
  }

  /** The digests to compute on the way. */
  Set<DigestName> digests() {
    var digests = EnumSet.of(DigestName.CRC32C);
    digests.addAll(known.keySet());
    wanted.ifPresent(digests::add);
    return digests;
  }
}
