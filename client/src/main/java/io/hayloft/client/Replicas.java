package io.hayloft.client;

import io.hayloft.client.HayloftException.Origin;
import io.hayloft.client.Lookups.Located;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Which copy of a file to read from next. First those the tracker named; when all have failed it is
 * asked once more, this time to look at them itself, since a copy may have moved meanwhile.
 */
final class Replicas {

  /** More than this is not bad luck any more. */
  private static final int ATTEMPTS = 32;

  private final Lookups lookups;
  private final Set<URI> excluded;
  private final Queue<URI> next = new ArrayDeque<>();
  private final List<String> failures = new ArrayList<>();
  private final Set<URI> used = new LinkedHashSet<>();
  private final Located located;
  private int attempts;
  private boolean askedAgain;

  /**
   * @param excluded copies not to read, because what they hold is wrong
   */
  Replicas(Located located, Lookups lookups, Set<URI> excluded) {
    this.located = located;
    this.lookups = lookups;
    this.excluded = Set.copyOf(excluded);
    enqueue(located.paths());
  }

  private void enqueue(List<URI> paths) {
    paths.stream().filter(path -> !excluded.contains(path)).forEach(next::add);
  }

  /**
   * The next copy to try.
   *
   * @throws UnreachableException when there is none left
   */
  URI next() throws HayloftException {
    if (next.isEmpty() && !askedAgain) {
      askedAgain = true;
      askAgain();
    }
    var url = next.poll();
    if (url == null || ++attempts > ATTEMPTS) {
      throw new UnreachableException(
          "no copy of "
              + lookups.subject(located.key())
              + " could be read"
              + (failures.isEmpty() ? "" : " (" + String.join("; ", failures) + ")")
              + ". See whether the storage nodes run, and what fsck says of fid "
              + located.fid(),
          Origin.NONE);
    }
    return url;
  }

  private void askAgain() throws HayloftException {
    var again = lookups.locate(located.key(), true);
    if (!again.fid().equals(located.fid())) {
      throw new HayloftException(
          lookups.subject(located.key()) + " was replaced while it was read; read it again",
          Origin.NONE,
          true);
    }
    enqueue(again.paths());
  }

  void failed(URI url, Exception why) {
    failures.add(url + ": " + why.getMessage());
  }

  /** Some bytes have come from there; should it break off, all are worth another try. */
  void delivered(URI url) {
    used.add(url);
    askedAgain = false;
  }

  /** All the copies that any bytes came from. */
  Set<URI> used() {
    return Set.copyOf(used);
  }
}
