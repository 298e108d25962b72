package io.hayloft.tracker.server;

import io.hayloft.protocol.WireText;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The operators who asked to see what happens ({@code !watch}). */
public final class Watchers {

  private final Set<Visitor> watching = ConcurrentHashMap.newKeySet();

  /**
   * Starts or stops telling a client.
   *
   * @return whether it is told from now on
   */
  boolean toggle(Visitor visitor) {
    if (watching.remove(visitor)) {
      return false;
    }
    watching.add(visitor);
    return true;
  }

  void left(Visitor visitor) {
    watching.remove(visitor);
  }

  /** Tells all of them; line ends within a message would look like messages of their own. */
  public void tell(String message) {
    if (!watching.isEmpty()) {
      var line = ":: " + WireText.ofText(message.replaceAll("[\\r\\n]+", " "));
      watching.forEach(visitor -> visitor.tell(line));
    }
  }
}
