package io.hayloft.tracker.model;

import io.hayloft.protocol.DeviceId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a check of all files is asked to do.
 *
 * @param depth how closely the copies are looked at
 * @param scope which files
 * @param bytesPerSecond how fast the contents on a device may be read; empty for the setting's say
 */
public record FsckTerms(Depth depth, Scope scope, OptionalLong bytesPerSecond) {

  /** As whoever knows nothing of terms starts it. */
  public static final FsckTerms USUAL =
      new FsckTerms(Depth.AS_SET, Scope.ALL, OptionalLong.empty());

  /** How closely copies are looked at. */
  public enum Depth {
    /** Only the tables, no node. */
    POLICY,
    /** Whether the copies are there, with their lengths; no content. */
    QUICK,
    /** As the setting {@code fsck_checksum} says. */
    AS_SET,
    /** All contents, against all digests that are kept. */
    FULL;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Depth> of(String word) {
      for (var depth : values()) {
        if (depth.word().equals(word)) {
          return Optional.of(depth);
        }
      }
      return Optional.empty();
    }
  }

  /** Which files, where not all: those of a domain, of one of its classes, on a device. */
  public record Scope(
      Optional<DomainId> domain, Optional<ClassId> fileClass, Optional<DeviceId> device) {

    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty(), Optional.empty());

    public boolean isAll() {
      return equals(ALL);
    }

    /** Whether files of that class are meant, wherever they are. */
    public boolean has(int domainNumber, int classNumber) {
      return domain.map(id -> id.value() == domainNumber).orElse(true)
          && fileClass.map(id -> id.value() == classNumber).orElse(true);
    }

    /** Whether files on that device are meant. */
    public boolean has(DeviceId other) {
      return device.map(other::equals).orElse(true);
    }
  }

  public FsckTerms with(Depth other) {
    return new FsckTerms(other, scope, bytesPerSecond);
  }

  /** As a setting keeps it. */
  public String text() {
    var text = new StringBuilder("depth=" + depth.word());
    scope.domain().ifPresent(id -> text.append(" domain=").append(id));
    scope.fileClass().ifPresent(id -> text.append(" class=").append(id));
    scope.device().ifPresent(id -> text.append(" device=").append(id));
    bytesPerSecond.ifPresent(rate -> text.append(" rate=").append(rate));
    return text.toString();
  }

  /** Reads what {@link #text} wrote; words that are not known are skipped. */
  public static FsckTerms parse(String text) {
    var words = new HashMap<String, String>();
    for (var word : text.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        words.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return new FsckTerms(
        Depth.of(words.getOrDefault("depth", "")).orElse(Depth.AS_SET),
        new Scope(
            number(words.get("domain")).map(DomainId::new),
            number(words.get("class")).map(ClassId::new),
            number(words.get("device")).map(DeviceId::new)),
        rate(words.getOrDefault("rate", "")));
  }

  private static Optional<Integer> number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,8}")
        ? Optional.of(Integer.parseInt(text))
        : Optional.empty();
  }

  private static OptionalLong rate(String text) {
    return text.matches("[1-9][0-9]{0,17}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
