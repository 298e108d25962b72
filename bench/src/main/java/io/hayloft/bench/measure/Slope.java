package io.hayloft.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * The straight line that lies closest to values over time, by least squares: whether something
 * grows, and how sure that is.
 */
public final class Slope {

  private final List<double[]> points = new ArrayList<>();

  public void add(double at, double value) {
    points.add(new double[] {at, value});
  }

  public int count() {
    return points.size();
  }

  /** How much values grow for each unit of time. */
  public double perUnit() {
    double spread = squares();
    if (spread == 0) {
      throw new IllegalStateException("two points at different times, at least");
    }
    double at = mean(0);
    double value = mean(1);
    return points.stream().mapToDouble(p -> (p[0] - at) * (p[1] - value)).sum() / spread;
  }

  /** The standard error of {@link #perUnit}: how much of it may be chance. */
  public double error() {
    if (points.size() < 3) {
      return Double.POSITIVE_INFINITY;
    }
    double slope = perUnit();
    double at = mean(0);
    double value = mean(1);
    double rest =
        points.stream()
            .mapToDouble(p -> p[1] - value - slope * (p[0] - at))
            .map(each -> each * each)
            .sum();
    return Math.sqrt(rest / (points.size() - 2) / squares());
  }

  private double squares() {
    double at = mean(0);
    return points.stream().mapToDouble(p -> (p[0] - at) * (p[0] - at)).sum();
  }

  private double mean(int which) {
    return points.stream().mapToDouble(p -> p[which]).average().orElse(0);
  }
}
