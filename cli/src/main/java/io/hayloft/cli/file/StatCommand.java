package io.hayloft.cli.file;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.client.FileInfo;
import io.hayloft.client.PathOptions;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what the trackers know of files. */
@Command(
    name = "stat",
    description = {
      "Show what is known of files: size, class, copies, checksum, addresses.",
      "",
      "  hayloft stat pets/cat.jpg",
      ""
    },
    sortOptions = false)
final class StatCommand implements Callable<Integer> {

  private static final PathOptions ALL_PATHS = new PathOptions(false, 100);

  private final Surroundings surroundings;

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Which files.")
  private List<String> keys = new ArrayList<>();

  @Mixin private DomainOptions domain = new DomainOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  StatCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    var exit = ExitCode.OK;
    try (var client = domain.client(surroundings)) {
      for (var text : keys) {
        var key = Key.utf8(text);
        Optional<FileInfo> file = client.info(key);
        if (file.isPresent()) {
          show(file.get(), client.paths(key, ALL_PATHS));
        } else {
          surroundings.terminal().note("hayloft: there is no file of key " + text);
          exit = ExitCode.NOT_FOUND;
        }
      }
    }
    return exit.number();
  }

  private void show(FileInfo file, List<URI> paths) {
    var terminal = surroundings.terminal();
    if (output.json()) {
      var members = FileRow.json(file);
      members.put("paths", paths.stream().map(URI::toString).toList());
      terminal.line(Json.text(members));
      return;
    }
    terminal.line("- file: " + file.key());
    property("checksum", file.checksum().map(Object::toString).orElse("-"));
    property("class", file.fileClass());
    property("devcount", file.copies().count());
    property(
        "devids",
        file.copies().devices().stream()
            .map(DeviceId::value)
            .sorted()
            .map(Object::toString)
            .collect(Collectors.joining(",")));
    property("domain", file.name().domain());
    property("fid", file.fid().value());
    property("key", file.key());
    property("length", file.length());
    paths.forEach(path -> terminal.line(" - " + path));
  }

  private void property(String name, Object value) {
    surroundings.terminal().line("%10s: %20s".formatted(name, value));
  }
}
