package io.hayloft.cli.admin;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that the disk which a device shows is its disk from now on. */
@Command(
    name = "accept-disk",
    description = {
      "Accept the disk that a device shows as its own from now on.",
      "",
      "A device that shows another disk than before is not used until the right one is back or",
      "this is said. Files that are believed to be on it must be gone first, or --force is given;",
      "then run a check: hayloft fsck start.",
      ""
    })
final class AcceptDiskCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(paramLabel = "DEVICE", description = "As in dev12.")
  private String device = "";

  @Option(names = "--force", description = "Although files are believed to be on it.")
  private boolean force;

  @Mixin private AdminOptions options = new AdminOptions();

  AcceptDiskCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    var arguments = new HashMap<>(Map.of("device", Registry.device(device).toString()));
    if (force) {
      arguments.put("force", "1");
    }
    try (var admin = options.open(surroundings)) {
      options.done(surroundings, new LinkedHashMap<>(admin.call("hayloft_accept_disk", arguments)));
    }
    return 0;
  }
}
