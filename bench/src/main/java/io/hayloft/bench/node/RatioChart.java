package io.hayloft.bench.node;

import io.hayloft.bench.report.Goal;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of the ratios to nginx at its best, beside what is to be reached. */
final class RatioChart {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 360;
  private static final Color INK = new Color(0x33, 0x33, 0x33);
  private static final List<Color> BARS =
      List.of(
          new Color(0x2f, 0x6f, 0xb0), new Color(0x8c, 0xb9, 0xde), new Color(0xc9, 0xd9, 0xe8));

  private final List<Comparison> comparisons;

  RatioChart(List<Comparison> comparisons) {
    if (comparisons.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw");
    }
    this.comparisons = List.copyOf(comparisons);
  }

  /** Writes it as PNG. */
  void write(Path file) throws IOException {
    var image = new BufferedImage(WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    try {
      chart(
              "Requests a second, of nginx at its best (more is better)",
              each -> each.rate().ratio(),
              goals -> goals.rate())
          .paint(graphics, WIDTH, HEIGHT);
      graphics.translate(0, HEIGHT);
      chart(
              "Processor time for a request, of nginx at its best (less is better)",
              each -> each.cpu().ratio(),
              goals -> goals.cpu())
          .paint(graphics, WIDTH, HEIGHT);
    } finally {
      graphics.dispose();
    }
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this JDK cannot write PNG");
    }
  }

  private CategoryChart chart(
      String title,
      Function<Comparison, Double> ratio,
      Function<Contest.Goals, Optional<Goal>> goal) {
    var chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    var style = chart.getStyler();
    style.setLegendPosition(LegendPosition.OutsideE);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setYAxisMin(0.0);
    style.setAvailableSpaceFill(0.6);
    style.setYAxisDecimalPattern("0.0");
    var contests = comparisons.stream().map(Comparison::contest).distinct().toList();
    var names = contests.stream().map(RatioChart::name).toList();
    int color = 0;
    for (int connections :
        comparisons.stream().map(Comparison::connections).distinct().sorted().toList()) {
      var values = contests.stream().map(each -> find(each, connections).map(ratio)).toList();
      chart
          .addSeries(connections + " connections", names, orNull(values))
          .setFillColor(BARS.get(color++ % BARS.size()));
    }
    var goals = contests.stream().map(each -> goal.apply(each.goals()).map(Goal::bound)).toList();
    if (goals.stream().anyMatch(Optional::isPresent)) {
      chart
          .addSeries("to be reached", names, orNull(goals))
          .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
          .setMarker(SeriesMarkers.DIAMOND)
          .setMarkerColor(INK);
    }
    return chart;
  }

  private Optional<Comparison> find(Contest contest, int connections) {
    return comparisons.stream()
        .filter(each -> each.contest().equals(contest) && each.connections() == connections)
        .findFirst();
  }

  /** How the library wants what was not measured. */
  private static List<@Nullable Double> orNull(List<Optional<Double>> values) {
    var numbers = new ArrayList<@Nullable Double>();
    values.forEach(each -> numbers.add(each.orElse(null)));
    return numbers;
  }

  private static String name(Contest contest) {
    var durable = contest.kind() == Kind.DURABLE_PUT ? " durable" : "";
    return contest.kind().method() + " " + contest.size() + durable;
  }
}
