package io.hayloft.tracker.command;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.StoredFile;
import java.time.Duration;

/**
 * Waiting until a file that was just stored has further copies. Implementers owe that only so many
 * wait at a time, and that those who wait hold up no other request.
 */
public interface DurableCopies {

  /** How a wait ended. */
  sealed interface Waited {

    /** There are so many. */
    record Enough() implements Waited {}

    /** There are fewer after all that time, or too many others wait. */
    record TooFew(int copies) implements Waited {}

    /** There will never be so many: the file's class and the devices give fewer. Nobody waited. */
    record Unattainable(int most) implements Waited {}
  }

  /** Nothing makes copies here. */
  DurableCopies NONE = (_, _, _, _) -> new Waited.TooFew(1);

  /**
   * @param on where its first copy is
   */
  Waited await(StoredFile file, DeviceId on, int copies, Duration limit)
      throws InterruptedException;
}
