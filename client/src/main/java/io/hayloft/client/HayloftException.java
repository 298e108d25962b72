package io.hayloft.client;

import static java.util.Objects.requireNonNull;

import io.hayloft.protocol.ErrorCode;
import java.io.IOException;
import java.util.Optional;

/**
 * Something the client was asked to do could not be done. An {@link IOException}, so that the
 * streams the client hands out fail in the same way as its methods.
 *
 * <p>{@link #isRetryable} means: the same call, made again, may succeed, and does no harm that
 * making it once would not have done.
 */
public class HayloftException extends IOException {

  private static final long serialVersionUID = 1;

  /**
   * Where a failure comes from.
   *
   * @param command the tracker command; empty when none was involved
   * @param tracker host:port; empty when none answered
   * @param code the word the tracker refused with; empty when it did not refuse
   */
  record Origin(String command, String tracker, String code) {

    static final Origin NONE = new Origin("", "", "");

    static Origin of(String command) {
      return new Origin(command, "", "");
    }
  }

  private final String command;
  private final String tracker;
  private final String code;
  private final boolean retryable;

  HayloftException(String message, Origin origin, boolean retryable) {
    super(message);
    this.command = origin.command();
    this.tracker = origin.tracker();
    this.code = origin.code();
    this.retryable = retryable;
  }

  HayloftException(String message, Origin origin, boolean retryable, Throwable cause) {
    this(message, origin, retryable);
    initCause(requireNonNull(cause, "cause"));
  }

  /** The tracker command that failed; empty when none was involved. */
  public Optional<String> command() {
    return present(command);
  }

  /** The tracker that refused, as host:port; empty when none did. */
  public Optional<String> tracker() {
    return present(tracker);
  }

  /** The word a tracker refused with, such as {@code unreg_domain}; empty when none did. */
  public Optional<String> code() {
    return present(code);
  }

  /** The same as a constant; empty also for a word only another server knows. */
  public Optional<ErrorCode> errorCode() {
    return ErrorCode.named(code);
  }

  public boolean isRetryable() {
    return retryable;
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
