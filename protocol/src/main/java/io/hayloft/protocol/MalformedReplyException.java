package io.hayloft.protocol;

/** The other side sent a line that is not a reply; the connection it came on is of no more use. */
public final class MalformedReplyException extends RuntimeException {

  private static final long serialVersionUID = 1;
  private static final int SHOWN = 200;

  public MalformedReplyException(String line) {
    super("not a reply: " + line.substring(0, Math.min(SHOWN, line.length())));
  }
}
