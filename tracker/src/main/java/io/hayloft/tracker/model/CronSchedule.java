package io.hayloft.tracker.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Times that come again, as cron writes them: minute, hour, day of the month, month, day of the
 * week, each {@code *}, a number, a range {@code 1-5}, a step {@code *}{@code /2}, or a list of
 * these; months and days of the week also by their first three letters, and Sunday is 0 or 7. Where
 * both days are restricted a day needs to be only one of the two, as in cron.
 *
 * <p>The times are UTC, unless {@code CRON_TZ=Europe/Berlin} or the like stands before the fields.
 * A time that a change of the clocks leaves out comes as much later as the clocks jump; one that
 * comes twice counts once.
 */
public final class CronSchedule {

  private static final String ZONE = "CRON_TZ=";
  private static final String MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec";
  private static final String DAYS = "sun mon tue wed thu fri sat";

  /** Longer than from one 29 February to the next, across a year that has none. */
  private static final int DAYS_BACK = 366 * 8 + 1;

  private final ZoneId zone;
  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet daysOfMonth;
  private final BitSet months;
  private final BitSet daysOfWeek;
  private final boolean eitherDay;

  private CronSchedule(ZoneId zone, List<String> fields) {
    this.zone = zone;
    this.minutes = field(fields.get(0), 0, 59, "");
    this.hours = field(fields.get(1), 0, 23, "");
    this.daysOfMonth = field(fields.get(2), 1, 31, "");
    this.months = field(fields.get(3), 1, 12, MONTHS);
    this.daysOfWeek = field(fields.get(4), 0, 7, DAYS);
    if (daysOfWeek.get(7)) {
      daysOfWeek.set(0);
    }
    this.eitherDay = !fields.get(2).startsWith("*") && !fields.get(4).startsWith("*");
  }

  /** What a text is as a schedule. */
  public sealed interface Parsed {

    record Known(CronSchedule schedule) implements Parsed {}

    record Wrong(String reason) implements Parsed {}
  }

  public static Parsed parse(String text) {
    var words = List.of(text.strip().split("\\s+"));
    try {
      boolean zoned = words.getFirst().startsWith(ZONE);
      var zone =
          zoned ? ZoneId.of(words.getFirst().substring(ZONE.length())) : (ZoneId) ZoneOffset.UTC;
      var fields = zoned ? words.subList(1, words.size()) : words;
      if (fields.size() != 5) {
        return new Parsed.Wrong(
            "Must be five fields (minute hour day month weekday), not " + fields.size());
      }
      var schedule = new CronSchedule(zone, fields);
      return schedule.last(Instant.parse("2104-03-01T00:00:00Z")).isPresent()
          ? new Parsed.Known(schedule)
          : new Parsed.Wrong("There is no such day");
    } catch (DateTimeException e) {
      return new Parsed.Wrong("Unknown time zone: " + words.getFirst());
    } catch (IllegalArgumentException e) {
      return new Parsed.Wrong(String.valueOf(e.getMessage()));
    }
  }

  private static BitSet field(String text, int least, int most, String names) {
    var values = new BitSet();
    for (var part : text.split(",", -1)) {
      var pieces = part.split("/", -1);
      int step = pieces.length == 1 ? 1 : number(pieces[1], 1, most, "", part);
      if (pieces.length > 2) {
        throw new IllegalArgumentException("Not understood: " + part);
      }
      var ends = pieces[0].split("-", -1);
      int from = least;
      int to = most;
      if (!pieces[0].equals("*")) {
        from = number(ends[0], least, most, names, part);
        to = ends.length > 1 ? number(ends[1], least, most, names, part) : from;
        // A step without a range goes on to the end, as in cron.
        to = ends.length == 1 && pieces.length > 1 ? most : to;
      }
      if (ends.length > 2 || from > to) {
        throw new IllegalArgumentException("Not a range: " + part);
      }
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int number(String text, int least, int most, String names, String part) {
    int named = List.of(names.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0 && !text.isEmpty()) {
      return named + least;
    }
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException(
          "Not a number from %d to %d: %s".formatted(least, most, part));
    }
    return Integer.parseInt(text);
  }

  /** The last time that was due at a moment, this included; empty when there never was one. */
  public Optional<Instant> last(Instant now) {
    var today = now.atZone(zone).toLocalDate();
    for (int back = 0; back < DAYS_BACK; back++) {
      var day = today.minusDays(back);
      if (isDay(day)) {
        var found = lastOf(day, now);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private boolean isDay(LocalDate day) {
    boolean ofMonth = daysOfMonth.get(day.getDayOfMonth());
    boolean ofWeek = daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
    return months.get(day.getMonthValue()) && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
  }

  private Optional<Instant> lastOf(LocalDate day, Instant now) {
    for (int hour = hours.previousSetBit(23); hour >= 0; hour = hours.previousSetBit(hour - 1)) {
      for (int minute = minutes.previousSetBit(59);
          minute >= 0;
          minute = minutes.previousSetBit(minute - 1)) {
        // The earlier of two such times; beyond the gap where there is none.
        var time = day.atTime(LocalTime.of(hour, minute)).atZone(zone).toInstant();
        if (!time.isAfter(now)) {
          return Optional.of(time);
        }
      }
    }
    return Optional.empty();
  }
}
