package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GrowthCommandTest {

  private static String complaint(String... arguments) {
    var err = new StringWriter();
    var line = new CommandLine(new GrowthCommand()).setErr(new PrintWriter(err, true));
    assertThat(line.execute(arguments)).isEqualTo(2);
    return err.toString();
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    assertThat(complaint("--files", "100000,10000")).contains("numbers of files grow");
    assertThat(complaint("--files", "1000")).contains("more than 2000 files are needed");
    assertThat(complaint("--runs", "0")).contains("too little");
    assertThat(complaint("--buffer-pool", "512M,lots")).contains("memory is given as 512M or 2G");
    assertThat(complaint("--readers", "0")).contains("nobody to do anything");
    assertThat(complaint("--seconds", "20")).contains("7 seconds at most");
    assertThat(complaint("--leave", "100000000", "--dir", "target/growth"))
        .contains("are to stay free")
        .contains("are missing");
  }
}
