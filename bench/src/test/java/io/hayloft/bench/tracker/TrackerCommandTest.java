package io.hayloft.bench.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.Latencies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrackerCommandTest {

  private static String complaint(String... arguments) {
    var err = new StringWriter();
    var line = new CommandLine(new TrackerCommand()).setErr(new PrintWriter(err, true));
    assertThat(line.execute(arguments)).isEqualTo(2);
    return err.toString();
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    assertThat(complaint("--only", "nope")).contains("nothing is called nope");
    assertThat(complaint("--runs", "0")).contains("too little");
    assertThat(complaint("--connections", "0")).contains("no connections");
    assertThat(complaint("--files", "1000")).contains("more than 1000 files");
    assertThat(complaint("--against", "host")).contains("--against takes host:port");
    assertThat(complaint("--against", "127.0.0.1:1")).contains("cannot reach the tracker at");
  }

  @Test
  void pictureHasBothPanels(@TempDir Path directory) throws Exception {
    var latencies = new Latencies();
    latencies.add(1000);
    var run =
        new Measurement(new Outcome(latencies, 1_000_000), new Consumption(10, 10, 0, 0), 5, 1);
    var file = directory.resolve("tracker.png");

    new VerdictChart(List.of(Verdict.of(List.of(new Result(Operation.NOOP, 1, "x", List.of(run))))))
        .write(file);

    assertThat(ImageIO.read(file.toFile()).getHeight()).isEqualTo(720);
  }
}
