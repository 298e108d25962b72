package io.hayloft.client;

import io.hayloft.client.HayloftException.Origin;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.WireText;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a tracker's refusal into an exception that says what to do about it. */
final class Refusals {

  private static final Set<ErrorCode> PASSING =
      EnumSet.of(
          ErrorCode.BUSY,
          ErrorCode.DB,
          ErrorCode.FAILURE,
          ErrorCode.NO_DEVICES,
          ErrorCode.NO_TEMP_FILE,
          ErrorCode.SIZE_VERIFY_ERROR,
          ErrorCode.SIZE_MISMATCH,
          ErrorCode.CHECKSUM_MISMATCH);

  private static final Map<ErrorCode, String> ADVICE = new EnumMap<>(ErrorCode.class);

  static {
    ADVICE.put(ErrorCode.BUSY, "The trackers are overloaded: try again later");
    ADVICE.put(ErrorCode.DB, "The trackers' database refuses: try again later, see their logs");
    ADVICE.put(ErrorCode.FAILURE, "The tracker's log says why");
    ADVICE.put(
        ErrorCode.NO_DEVICES, "No device takes new files: see the devices' states and space");
    ADVICE.put(
        ErrorCode.NO_TEMP_FILE, "The upload took over an hour or was closed: store it again");
    ADVICE.put(
        ErrorCode.SIZE_VERIFY_ERROR, "The storage node lost the file or hangs: store it again");
    ADVICE.put(ErrorCode.SIZE_MISMATCH, "The storage node has another length: store it again");
    ADVICE.put(ErrorCode.CHECKSUM_MISMATCH, "The bytes were damaged on their way: store it again");
    ADVICE.put(
        ErrorCode.TOO_FEW_COPIES, "It need not be stored again: the tracker goes on copying it");
    ADVICE.put(ErrorCode.UNREG_DOMAIN, "Create the domain first, or correct its name");
    ADVICE.put(ErrorCode.DOMAIN_NOT_FOUND, "Create the domain first, or correct its name");
    ADVICE.put(ErrorCode.UNREG_CLASS, "Create the class in this domain first, or correct its name");
    ADVICE.put(
        ErrorCode.CLASS_NOT_FOUND, "Create the class in this domain first, or correct its name");
    ADVICE.put(ErrorCode.KEY_EXISTS, "Delete the file of that name first, or choose another key");
    ADVICE.put(ErrorCode.UNKNOWN_COMMAND, "This tracker does not know the command: is it too old?");
  }

  private Refusals() {}

  /** The pairs of a success; a refusal as an exception. */
  static Fields fields(Call call, Answer answer, String subject) throws HayloftException {
    if (answer.reply() instanceof Reply.Ok ok) {
      return new Fields(call, answer, ok.values());
    }
    throw exception(call, answer, subject);
  }

  /** The code of a refusal; empty for a success or a word only another server knows. */
  static Optional<ErrorCode> code(Answer answer) {
    return answer.reply() instanceof Reply.Err err ? ErrorCode.named(err.code()) : Optional.empty();
  }

  static HayloftException exception(Call call, Answer answer, String subject) {
    if (!(answer.reply() instanceof Reply.Err err)) {
      throw new IllegalStateException("not a refusal: " + answer);
    }
    var origin = new Origin(call.command(), answer.tracker().toString(), err.code());
    var code = ErrorCode.named(err.code());
    if (code.equals(Optional.of(ErrorCode.UNKNOWN_KEY))) {
      return new FileMissingException("there is no file of " + subject, origin);
    }
    var text = WireText.toText(err.text());
    var message =
        call.command()
            + (subject.isEmpty() ? "" : " of " + subject)
            + " was refused by tracker "
            + answer.tracker()
            + ": "
            + err.code()
            + (text.equals(err.code()) ? "" : " (" + text + ")")
            + code.map(ADVICE::get).map(advice -> ". " + advice).orElse("");
    return new HayloftException(message, origin, code.map(PASSING::contains).orElse(false));
  }
}
