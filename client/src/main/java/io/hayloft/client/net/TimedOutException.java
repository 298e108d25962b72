package io.hayloft.client.net;

import java.io.IOException;

/**
 * The other side did not do its part in time. Not a {@link java.net.SocketTimeoutException},
 * because that one cannot be told from an interrupt by its type.
 */
public final class TimedOutException extends IOException {

  private static final long serialVersionUID = 1;

  public TimedOutException(String message) {
    super(message);
  }
}
