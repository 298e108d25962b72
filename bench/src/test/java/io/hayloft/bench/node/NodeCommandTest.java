package io.hayloft.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NodeCommandTest {

  private final StringWriter told = new StringWriter();

  private int run(String... arguments) {
    var writer = new PrintWriter(told);
    return new CommandLine(new NodeCommand()).setOut(writer).setErr(writer).execute(arguments);
  }

  @Test
  void helpNamesEveryTrialAndWhatIsNeeded() {
    assertThat(run("--help")).isZero();

    assertThat(told.toString()).contains("apt install nginx-light wrk", "Default: 16,64");
    for (var trial : Trials.all()) {
      assertThat(told.toString()).contains(trial.name());
    }
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    assertThat(run("--only", "get-17k")).isEqualTo(2);
    assertThat(told.toString()).contains("nothing is called get-17k", "get-16k");

    assertThat(run("--runs", "0")).isEqualTo(2);
    assertThat(run("--connections", "16,0")).isEqualTo(2);
    assertThat(told.toString()).contains("too little to measure anything", "no connections");
  }
}
