package io.hayloft.cli.session;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.HayloftAdmin;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** The options of commands that look after an installation. */
public final class AdminOptions {

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  public HayloftAdmin open(Surroundings surroundings) {
    return HayloftAdmin.builder().trackers(cluster.trackers(surroundings)).build();
  }

  public OutputOptions output() {
    return output;
  }

  public boolean json() {
    return output.json();
  }

  /**
   * A change that is done says nothing to people, as the original's tools, and what it was to
   * programs.
   */
  public void done(Surroundings surroundings, Map<String, @Nullable Object> what) {
    if (output.json()) {
      surroundings.terminal().line(Json.text(what));
    }
  }
}
