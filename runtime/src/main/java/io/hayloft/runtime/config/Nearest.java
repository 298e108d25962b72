package io.hayloft.runtime.config;

import java.util.Collection;
import java.util.Optional;

/**
 * Finds the word somebody probably meant. The distance is the number of letters to insert, drop,
 * change or swap with their neighbour (optimal string alignment); a word that differs in more than
 * a third of its letters is no suggestion.
 */
public final class Nearest {

  private Nearest() {}

  /**
   * The candidate nearest to a word; one that only lacks or adds a group's prefix counts as near.
   */
  public static Optional<String> to(String word, Collection<String> candidates) {
    String best = null;
    int bestDistance = Math.max(2, word.length() / 3) + 1;
    for (var candidate : candidates) {
      int distance = isTail(word, candidate) ? 1 : distance(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The end of a refusal, {@code ". Did you mean listen_port?"}; empty when nothing is near. */
  public static String hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(near -> ". Did you mean " + near + "?").orElse("");
  }

  private static boolean isTail(String word, String candidate) {
    return candidate.endsWith("." + word) || word.endsWith("." + candidate);
  }

  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (swapped(a, i, b, j)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }

  private static boolean swapped(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
