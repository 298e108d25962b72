package io.hayloft.bench.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts of bars below each other in one picture, each with what is to be reached. */
public final class Panels {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 360;
  private static final Color INK = new Color(0x33, 0x33, 0x33);
  private static final List<Color> BARS =
      List.of(
          new Color(0x2f, 0x6f, 0xb0), new Color(0x8c, 0xb9, 0xde), new Color(0xc9, 0xd9, 0xe8));

  private final List<CategoryChart> charts = new ArrayList<>();

  /** A group of bars, one for each name; empty where nothing was measured. */
  public record Bars(String name, List<Optional<Double>> values) {}

  /**
   * Adds a chart below.
   *
   * @param names of what is compared, from left to right
   * @param goals one for each name, where there is one
   */
  public Panels add(
      String title, List<String> names, List<Bars> groups, List<Optional<Double>> goals) {
    var chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    var style = chart.getStyler();
    style.setLegendPosition(LegendPosition.OutsideE);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setYAxisMin(0.0);
    style.setAvailableSpaceFill(0.6);
    style.setYAxisDecimalPattern("0.0");
    // What is to be reached stands on its bar, where there is but one.
    style.setOverlapped(groups.size() == 1);
    int color = 0;
    for (var bars : groups) {
      chart
          .addSeries(bars.name(), names, orNull(bars.values()))
          .setFillColor(BARS.get(color++ % BARS.size()));
    }
    if (goals.stream().anyMatch(Optional::isPresent)) {
      chart
          .addSeries("to be reached", names, orNull(goals))
          .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
          .setMarker(SeriesMarkers.DIAMOND)
          .setMarkerColor(INK);
    }
    if (names.size() > MOST_LEVEL) {
      style.setXAxisLabelRotation(20);
    }
    charts.add(chart);
    return this;
  }

  /** More names than these do not fit beside each other. */
  private static final int MOST_LEVEL = 9;

  /** How the library wants what was not measured. */
  private static List<@Nullable Double> orNull(List<Optional<Double>> values) {
    var numbers = new ArrayList<@Nullable Double>();
    values.forEach(each -> numbers.add(each.orElse(null)));
    return numbers;
  }

  /** Writes them as PNG. */
  public void write(Path file) throws IOException {
    var image = new BufferedImage(WIDTH, charts.size() * HEIGHT, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    try {
      for (var chart : charts) {
        chart.paint(graphics, WIDTH, HEIGHT);
        graphics.translate(0, HEIGHT);
      }
    } finally {
      graphics.dispose();
    }
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this JDK cannot write PNG");
    }
  }
}
