package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.bench.database.ServerBooks.Part;
import io.hayloft.bench.growth.Measured.Operation;
import io.hayloft.bench.growth.Measured.Run;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Latencies;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowthReportTest {

  private static Level level(long files, long micros) {
    var latencies = new Latencies();
    latencies.add(micros * 1000);
    latencies.add(micros * 1000);
    var run = new Run(new Outcome(latencies, 1_000_000), 10, 4, 6, Map.of("Com_select", 1L));
    return new Level(
        files,
        "512M",
        List.of(
            new Part("file", "PRIMARY", 60 * files),
            new Part("file", "dkey", 40 * files),
            new Part("checksum", "PRIMARY", 16_384)),
        200 * files,
        Arrays.stream(Operation.values())
            .map(operation -> new Measured(operation, List.of(run)))
            .toList());
  }

  private static GrowthReport report() {
    var report = new GrowthReport(Map.of("processors", 2));
    report.add(level(1_000, 100));
    report.add(level(10_000, 140));
    report.add(level(100_000, 200));
    return report;
  }

  @Test
  void tablesTellBytesOfAFileAndHowMuchSlowerReadsHaveBecome() {
    assertThat(report().markdown())
        .contains("| files | bytes a file: file | file.dkey | all | files on disk, MB |")
        .contains("| 10,000 | 60.0 | 40.0 | 102 | 2 |")
        .containsPattern("get_paths noverify=1 \\| 512M \\| 10,000 .* 1\\.4. \\| ≤ 1\\.5, met")
        .containsPattern("get_paths noverify=1 \\| 512M \\| 100,000 .* ≤ 1\\.5, \\*\\*missed\\*\\*")
        .contains("| list_keys, 1000 keys | 1,000 | Com_select 500.0 |");
  }

  @Test
  void jsonHasEverything() throws Exception {
    var json = new ObjectMapper().readTree(report().json());
    assertThat(json.at("/machine/processors").asInt()).isEqualTo(2);
    assertThat(json.at("/levels/1/files").asLong()).isEqualTo(10_000);
    assertThat(json.at("/levels/1/measured/0/runs/0/pagesRead").asDouble()).isEqualTo(2);
  }

  @Test
  void pictureHasBothPanels(@TempDir Path directory) throws Exception {
    var file = directory.resolve("growth.png");
    new GrowthChart(report()).write(file);
    assertThat(ImageIO.read(file.toFile()).getHeight()).isEqualTo(720);
  }
}
