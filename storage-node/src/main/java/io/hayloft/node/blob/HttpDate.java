package io.hayloft.node.blob;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as HTTP wants them, to the second, in GMT; the day always with two digits. */
public final class HttpDate {

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy ", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private static final int SECONDS_A_DAY = 86_400;

  /** Files that are read together were often written on one day. */
  private static volatile Day last = Day.of(0);

  private record Day(long number, String text) {
    static Day of(long number) {
      return new Day(number, DAY.format(LocalDate.ofEpochDay(number)));
    }
  }

  private HttpDate() {}

  /**
   * @param millis Unix time
   */
  public static String of(long millis) {
    long seconds = Math.floorDiv(millis, 1_000);
    long number = Math.floorDiv(seconds, SECONDS_A_DAY);
    var day = last;
    if (day.number() != number) {
      day = Day.of(number);
      last = day;
    }
    int second = (int) Math.floorMod(seconds, (long) SECONDS_A_DAY);
    var clock = new char[8];
    put(clock, 0, second / 3_600);
    clock[2] = ':';
    put(clock, 3, second / 60 % 60);
    clock[5] = ':';
    put(clock, 6, second % 60);
    return day.text() + new String(clock) + " GMT";
  }

  private static void put(char[] into, int at, int number) {
    into[at] = (char) ('0' + number / 10);
    into[at + 1] = (char) ('0' + number % 10);
  }
}
