package io.hayloft.client;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Key;
import java.util.Optional;

/**
 * Changes to names. None is sent twice: between a lost answer and its repetition somebody else may
 * have stored a new file of that key. Where looking afterwards settles what happened, it is done.
 */
final class Changes {

  private final Trackers trackers;
  private final Namespace names;
  private final Lookups lookups;

  Changes(Trackers trackers, Namespace names, Lookups lookups) {
    this.trackers = trackers;
    this.names = names;
    this.lookups = lookups;
  }

  void rename(Key from, Key to) throws HayloftException {
    // A look cannot settle a lost answer here: the same names would be there had another client
    // deleted one file and stored the other.
    var call = names.change("rename").with("from_key", from.wire()).with("to_key", to.wire());
    Refusals.fields(call, trackers.call(call), names.subject(from));
  }

  boolean delete(Key key) throws HayloftException {
    var call = names.change("delete").with("key", key.wire());
    try {
      var answer = trackers.call(call);
      if (Refusals.code(answer).equals(Optional.of(ErrorCode.UNKNOWN_KEY))) {
        return false;
      }
      Refusals.fields(call, answer, names.subject(key));
      return true;
    } catch (OutcomeUnknownException lost) {
      if (look(key, lost).isEmpty()) {
        return true;
      }
      throw lost;
    }
  }

  void changeClass(Key key, String fileClass) throws HayloftException {
    var call = names.change("updateclass").with("key", key.wire()).withText("class", fileClass);
    try {
      var answer = trackers.call(call);
      if (Refusals.code(answer).equals(Optional.of(ErrorCode.INVALID_KEY))) {
        throw lookups.missing(key);
      }
      Refusals.fields(call, answer, names.subject(key));
    } catch (OutcomeUnknownException lost) {
      if (look(key, lost).map(FileInfo::fileClass).equals(Optional.of(fileClass))) {
        return;
      }
      throw lost;
    }
  }

  private Optional<FileInfo> look(Key key, OutcomeUnknownException lost)
      throws OutcomeUnknownException {
    try {
      return lookups.info(key, false);
    } catch (HayloftException unseen) {
      lost.addSuppressed(unseen);
      throw lost;
    }
  }
}
