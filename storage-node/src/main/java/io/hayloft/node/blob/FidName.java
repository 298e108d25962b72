package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Names of replicas: the fid in decimal, zeros in front up to ten digits, and {@code .fid}; in
 * directories named after its first digit, the next three and the next three.
 */
public final class FidName {

  public static final int LEAST_DIGITS = 10;
  public static final int MOST_DIGITS = 19;
  public static final String ENDING = ".fid";

  private FidName() {}

  /** The fid of a name; empty when it is not the one spelling of one. */
  public static OptionalLong parse(String name) {
    int digits = name.length() - ENDING.length();
    if (digits < LEAST_DIGITS || digits > MOST_DIGITS || !name.endsWith(ENDING)) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        return OptionalLong.empty();
      }
      value = 10 * value + digit;
    }
    boolean spelled = value > 0 && (digits == LEAST_DIGITS || name.charAt(0) != '0');
    return spelled ? OptionalLong.of(value) : OptionalLong.empty();
  }

  public static String of(long fid) {
    var digits = Long.toString(fid);
    return "0".repeat(Math.max(0, LEAST_DIGITS - digits.length())) + digits + ENDING;
  }

  public static int digits(long fid) {
    return Math.max(LEAST_DIGITS, Long.toString(fid).length());
  }

  /** Where a device keeps a file. */
  public static BlobPath path(DeviceId device, Fid fid) {
    var padded = fid.padded();
    return new BlobPath(
        device,
        String.format(
            Locale.ROOT,
            "/%s/%s/%s/%s/%s%s",
            device.directory(),
            padded.substring(0, 1),
            padded.substring(1, 4),
            padded.substring(4, 7),
            padded,
            ENDING));
  }

  /** The fid of a path, if it is where a device keeps that file. */
  public static OptionalLong parse(BlobPath path) {
    var text = path.text();
    var fid = parse(text.substring(text.lastIndexOf('/') + 1));
    return fid.isPresent() && path(path.device(), new Fid(fid.getAsLong())).equals(path)
        ? fid
        : OptionalLong.empty();
  }
}
