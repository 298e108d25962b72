package io.hayloft.bench.replay;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Makes a log up, such as a store of photos has: few keys are read very often and very many hardly
 * ever (Zipf), sizes lie around 40 KB and reach a few MB (log-normal), accesses come by chance
 * (Poisson). The same numbers make the same log.
 */
final class Sample {

  private static final double SKEW = 0.9;
  private static final double MEDIAN_BYTES = 40_000;
  private static final double SPREAD = 1.2;
  private static final int LEAST_BYTES = 500;
  private static final int MOST_BYTES = 4_000_000;

  /** Of a hundred accesses; the rest are readings. */
  private static final int UPLOADS = 4;

  private static final int LOOKS = 3;
  private static final int DELETIONS = 1;

  /** Seconds. */
  private static final double HEARD_OF = 2;

  private final SplittableRandom random;
  private final double perSecond;
  private final double[] upTo;
  private final List<Photo> photos = new ArrayList<>();
  private final Deque<Fresh> fresh = new ArrayDeque<>();
  private int uploaded;

  /** A file that is there. */
  private record Photo(String key, int size) {}

  /** One that takes the place of another at that time: nobody asks before he has heard of it. */
  private record Fresh(double at, int rank, Photo photo) {}

  /**
   * @param files how many there are at first
   * @param perSecond accesses
   */
  Sample(int files, double perSecond, long seed) {
    this.random = new SplittableRandom(seed);
    this.perSecond = perSecond;
    this.upTo = new double[files];
    double sum = 0;
    for (int rank = 0; rank < files; rank++) {
      sum += 1 / Math.pow(rank + 1, SKEW);
      upTo[rank] = sum;
      photos.add(newPhoto("photo"));
    }
  }

  private Photo newPhoto(String stem) {
    int number = uploaded++;
    return new Photo("%s/%02x/%07d.jpg".formatted(stem, number * 31 & 0xff, number), size());
  }

  private int size() {
    double bytes = MEDIAN_BYTES * Math.exp(SPREAD * random.nextGaussian());
    return (int) Math.clamp(bytes, LEAST_BYTES, MOST_BYTES);
  }

  /** Writes so many lines of four words. */
  void write(int lines, PrintWriter out) {
    out.println("# time method key size");
    double at = 0;
    for (int i = 0; i < lines; i++) {
      at -= Math.log(1 - random.nextDouble()) / perSecond;
      while (!fresh.isEmpty() && fresh.getFirst().at() <= at) {
        var next = fresh.remove();
        photos.set(next.rank(), next.photo());
      }
      int rank = rank();
      var photo = photos.get(rank);
      int chance = random.nextInt(100);
      if (chance < UPLOADS) {
        // New photos are what people look at.
        var next = new Fresh(at + HEARD_OF, rank, newPhoto("new"));
        fresh.add(next);
        line(out, at, Method.PUT, next.photo());
      } else if (chance < UPLOADS + LOOKS) {
        line(out, at, Method.HEAD, photo);
      } else if (chance < UPLOADS + LOOKS + DELETIONS) {
        photos.set(rank, newPhoto("late"));
        line(out, at, Method.DELETE, photo);
      } else {
        line(out, at, Method.GET, photo);
      }
    }
    out.flush();
  }

  private static void line(PrintWriter out, double at, Method method, Photo photo) {
    out.printf(Locale.ROOT, "%.6f %s %s %d%n", at, method.name(), photo.key(), photo.size());
  }

  private int rank() {
    double at = random.nextDouble() * upTo[upTo.length - 1];
    int found = Arrays.binarySearch(upTo, at);
    return Math.min(upTo.length - 1, found < 0 ? -found - 1 : found + 1);
  }
}
