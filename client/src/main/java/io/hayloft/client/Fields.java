package io.hayloft.client;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.WireText;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads the pairs of a tracker's answer by type. What should be there and is not, or is not what it
 * should be, is a {@link HayloftException} that names the pair.
 */
final class Fields {

  private final Call call;
  private final Answer answer;
  private final Map<String, String> values;

  Fields(Call call, Answer answer, Map<String, String> values) {
    this.call = call;
    this.answer = answer;
    this.values = values;
  }

  Map<String, String> values() {
    return values;
  }

  boolean has(String name) {
    return !wire(name).isEmpty();
  }

  /** The bytes, empty where the pair is missing. */
  String wire(String name) {
    return values.getOrDefault(name, "");
  }

  String text(String name) {
    return WireText.toText(wire(name));
  }

  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  long number(String name) throws HayloftException {
    try {
      return Long.parseLong(wire(name));
    } catch (NumberFormatException e) {
      throw wrong(name, e);
    }
  }

  int small(String name) throws HayloftException {
    try {
      return Integer.parseInt(wire(name));
    } catch (NumberFormatException e) {
      throw wrong(name, e);
    }
  }

  OptionalLong optionalNumber(String name) throws HayloftException {
    return has(name) ? OptionalLong.of(number(name)) : OptionalLong.empty();
  }

  OptionalInt optionalSmall(String name) throws HayloftException {
    return has(name) ? OptionalInt.of(small(name)) : OptionalInt.empty();
  }

  Fid fid(String name) throws HayloftException {
    long value = number(name);
    try {
      return new Fid(value);
    } catch (IllegalArgumentException e) {
      throw wrong(name, e);
    }
  }

  DeviceId device(String name) throws HayloftException {
    int value = small(name);
    try {
      return new DeviceId(value);
    } catch (IllegalArgumentException e) {
      throw wrong(name, e);
    }
  }

  /** The devices of a comma list. */
  List<DeviceId> devices(String name) throws HayloftException {
    var devices = new ArrayList<DeviceId>();
    try {
      for (var piece : wire(name).split(",", -1)) {
        if (!piece.isEmpty()) {
          devices.add(new DeviceId(Integer.parseInt(piece)));
        }
      }
    } catch (IllegalArgumentException e) {
      throw wrong(name, e);
    }
    return List.copyOf(devices);
  }

  Key key(String name) throws HayloftException {
    try {
      return new Key(wire(name));
    } catch (IllegalArgumentException e) {
      throw wrong(name, e);
    }
  }

  URI url(String name) throws HayloftException {
    try {
      var url = URI.create(wire(name));
      if (url.getHost() == null) {
        throw new IllegalArgumentException("no host");
      }
      return url;
    } catch (IllegalArgumentException e) {
      throw wrong(name, e);
    }
  }

  /** A checksum; empty when there is none, or one of a kind not known here. */
  Optional<Checksum> checksum(String name) {
    return Checksum.parse(wire(name));
  }

  HayloftException wrong(String name, Exception cause) {
    return new HayloftException(
        "tracker "
            + answer.tracker()
            + " answered "
            + call.command()
            + " with "
            + (values.containsKey(name) ? name + "=" + text(name) : "no " + name)
            + ", which makes no sense. Is it a tracker?",
        new HayloftException.Origin(call.command(), answer.tracker().toString(), ""),
        false,
        cause);
  }
}
