package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.ServerSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** After how long out of reach a device is taken for dead, as operators say it. */
public final class AutoDead {

  public static final String SETTING = "auto_dead_after";

  /** Less would make every restart of a storage node a loss of its disks. */
  public static final Duration SHORTEST = Duration.ofMinutes(1);

  private static final Duration FOR_NEW = Duration.ofHours(1);
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})([smhd]?)");

  private AutoDead() {}

  /**
   * How long; empty where no device is taken for dead by itself. Where nobody said, that is so in
   * an installation that was taken over; in one that began with us it is an hour.
   */
  public static Optional<Duration> after(ServerSettings settings) {
    var text = settings.get(SETTING);
    if (text.isEmpty()) {
      return settings.isNewInstallation() ? Optional.of(FOR_NEW) : Optional.empty();
    }
    return parse(text.get()).filter(duration -> !duration.isZero());
  }

  /** A duration as in {@code 90m}; {@code off} is none at all. Empty when it is not understood. */
  public static Optional<Duration> parse(String text) {
    if (text.equals("off")) {
      return Optional.of(Duration.ZERO);
    }
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        });
  }
}
