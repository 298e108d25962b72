package io.hayloft.tracker.command;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;

/**
 * A command's answer is a refusal. Thrown, not returned, because nearly every line of a command may
 * find a reason to refuse, and what follows is then not to be done; {@link Commands} is the only
 * place that catches it. Carries no stack trace: nothing went wrong.
 */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Reply reply;

  Refused(ErrorCode code) {
    this(Reply.err(code));
  }

  Refused(ErrorCode code, String text) {
    this(Reply.err(code, text));
  }

  private Refused(Reply reply) {
    super(reply.toString(), null, false, false);
    this.reply = reply;
  }

  Reply reply() {
    return reply;
  }
}
