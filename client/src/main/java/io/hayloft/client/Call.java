package io.hayloft.client;

import io.hayloft.protocol.Arguments;
import io.hayloft.protocol.Request;
import io.hayloft.protocol.WireText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A command for a tracker, and what may be done when its answer is lost.
 *
 * @param arguments as bytes, one per char
 */
record Call(String command, Map<String, String> arguments, Replay replay, Patience patience) {

  /** Whether a command may be sent a second time. */
  enum Replay {
    /** At any time: it changes nothing, or nothing that matters if it happens twice. */
    ALWAYS,
    /** Only as long as no tracker can have got the whole of it. */
    UNTIL_SENT,
    /**
     * At any time, because the tracker itself lets it happen once at most and refuses the second.
     * Whether an earlier sending may have been the one is part of the answer.
     */
    GUARDED
  }

  /** How long an answer may take. */
  enum Patience {
    ORDINARY,
    SLOW
  }

  Call {
    arguments = new LinkedHashMap<>(arguments);
  }

  /** A command that may always be repeated. */
  static Call read(String command) {
    return new Call(command, Map.of(), Replay.ALWAYS, Patience.ORDINARY);
  }

  /** A command that changes something and is not repeated once it is sent. */
  static Call change(String command) {
    return new Call(command, Map.of(), Replay.UNTIL_SENT, Patience.ORDINARY);
  }

  Call guarded() {
    return new Call(command, arguments, Replay.GUARDED, patience);
  }

  Call slow() {
    return new Call(command, arguments, replay, Patience.SLOW);
  }

  /** With an argument given as bytes. */
  Call with(String name, String wire) {
    var more = new LinkedHashMap<>(arguments);
    more.put(name, wire);
    return new Call(command, more, replay, patience);
  }

  Call with(String name, long number) {
    return with(name, Long.toString(number));
  }

  /** With an argument given as text for people. */
  Call withText(String name, String text) {
    return with(name, WireText.ofText(text));
  }

  Request request(String callid) {
    return new Request(command, new Arguments(with("callid", callid).arguments));
  }
}
