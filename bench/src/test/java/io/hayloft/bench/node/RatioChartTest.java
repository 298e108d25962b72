package io.hayloft.bench.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.bench.node.Contest.Goals;
import io.hayloft.bench.server.Contender;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatioChartTest {

  private static Comparison comparison(String name, Kind kind, int connections) {
    return new Comparison(
        new Contest(name, kind, 1024, 10, Goals.of(1.2, 0.9)),
        connections,
        List.of(
            Map.of(
                Contender.HAYLOFT, new Measurement(3, 2, 1, 1),
                Contender.NGINX_DAV, new Measurement(2, 3, 1, 1))));
  }

  @Test
  void itIsDrawnAlsoWhereOneWasNotMeasuredOverAllConnections(@TempDir Path place) throws Exception {
    var file = place.resolve("ratios.png");

    new RatioChart(
            List.of(
                comparison("a", Kind.PUT, 16),
                comparison("a", Kind.PUT, 64),
                comparison("b", Kind.DURABLE_PUT, 16)))
        .write(file);

    var image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(1000);
    assertThat(image.getHeight()).isEqualTo(720);
    assertThatThrownBy(() -> new RatioChart(List.of())).hasMessageContaining("nothing to draw");
  }
}
