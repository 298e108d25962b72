package io.hayloft.node.requests;

import java.io.IOException;
import java.io.Serial;

/** Ends an answer amid it, for a reason that has been told already. */
public final class BrokenOffException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  public BrokenOffException(IOException why) {
    super(why);
  }
}
