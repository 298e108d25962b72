package io.hayloft.cli;

import java.util.Collection;
import java.util.Comparator;

/** The known word that somebody probably meant. */
final class Nearest {

  private Nearest() {}

  /** {@code . Did you mean: put?}, or nothing when no known word is near. */
  static String hint(String word, Collection<String> known) {
    return known.stream()
        .filter(each -> distance(word, each) <= Math.max(2, word.length() / 3))
        .min(Comparator.comparingInt(each -> distance(word, each)))
        .map(each -> ". Did you mean: " + each + "?")
        .orElse("");
  }

  /** How many letters must be changed, added or taken away (Levenshtein). */
  static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
