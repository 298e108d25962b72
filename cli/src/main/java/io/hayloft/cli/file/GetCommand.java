package io.hayloft.cli.file;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.client.Hayloft;
import io.hayloft.client.ReadOptions;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads files into files. */
@Command(
    name = "get",
    description = {
      "Read a file into a file, or to standard output (-); with -r, many into a directory.",
      "",
      "Without FILE it is named as the last part of its key, in this directory. With -r, all files",
      "whose keys begin with KEY are read, and their whole keys become paths below the directory.",
      "A file appears under its name only when it is complete and matches its checksum.",
      "",
      "  hayloft get pets/cat.jpg                writes cat.jpg",
      "  hayloft get pets/cat.jpg c.jpg          writes c.jpg",
      "  hayloft get pets/1.jpg pets/2.jpg --to .",
      "  hayloft get -r 2026/ backup             writes backup/2026/...",
      "  hayloft get docs.tar - | tar x",
      ""
    },
    sortOptions = false)
final class GetCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(
      arity = "1..*",
      paramLabel = "KEY [FILE]",
      description = "What to read, and where to: a file, a directory, or - for standard output.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = {"-r", "--recursive"},
      description = "Read all files whose keys begin with KEY.")
  private boolean recursive;

  @Option(
      names = {"-o", "--to"},
      paramLabel = "DIR",
      description = "All words are keys; they are read into this directory (or file, or -).")
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Read so many files at a time; default ${DEFAULT-VALUE}.")
  private int parallel = 8;

  private List<String> keys = List.of();

  @Mixin private DomainOptions domain = new DomainOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  GetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (parallel < 1 || parallel > 256) {
      throw new Refusal(ExitCode.USAGE, "--parallel is 1 to 256, not " + parallel);
    }
    takeWordsApart();
    try (var client = domain.client(surroundings)) {
      if (target.equals(Optional.of("-"))) {
        if (recursive) {
          throw new Refusal(ExitCode.USAGE, "-r writes files: name a directory, not -");
        }
        Streaming.toOutput(surroundings, client, keys);
        return ExitCode.OK.number();
      }
      return recursive ? below(client) : named(client);
    }
  }

  private void takeWordsApart() {
    if (target.isEmpty() && words.size() > 2) {
      throw new Refusal(ExitCode.USAGE, "to read several files, add --to DIR");
    }
    boolean two = target.isEmpty() && words.size() == 2;
    keys = two ? words.subList(0, 1) : words;
    target = two ? Optional.of(words.getLast()) : target;
  }

  private int named(Hayloft client) throws IOException, InterruptedException {
    var into = target.map(Path::of);
    boolean directory = into.map(Files::isDirectory).orElse(true);
    if (keys.size() > 1 && !directory) {
      throw new Refusal(
          ExitCode.USAGE, "several files need a directory: " + into.get() + " is none");
    }
    var title = keys.size() == 1 ? keys.getFirst() : "reading";
    var goal = Progress.Goal.items(title, "files", keys.size());
    var wanted = keys.stream().map(Key::utf8).toList();
    return fetchAll(
        client,
        wanted.iterator(),
        goal,
        key -> {
          var name = Path.of(lastPart(key));
          return directory ? into.map(dir -> dir.resolve(name)).orElse(name) : into.orElseThrow();
        });
  }

  private static String lastPart(Key key) {
    var text = key.toString();
    var last = text.substring(text.lastIndexOf('/') + 1);
    if (last.isEmpty() || last.equals("..") || last.equals(".")) {
      throw new Refusal(
          ExitCode.USAGE, "key %s names no file: name one: get KEY FILE".formatted(text));
    }
    return last;
  }

  private int below(Hayloft client) throws IOException, InterruptedException {
    var root = Path.of(target.orElse(".")).toAbsolutePath().normalize();
    int worst = ExitCode.OK.number();
    for (var prefix : keys) {
      var found = client.list(prefix).iterator();
      var goal = Progress.Goal.items("reading", "files", 0);
      worst = Math.max(worst, fetchAll(client, found, goal, key -> inside(root, key)));
    }
    return worst;
  }

  /** A key may say "..": nothing is written outside the directory that was named. */
  private static Path inside(Path root, Key key) throws IOException {
    var path = root.resolve(key.toString().replaceFirst("^/+", "")).normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      throw new IOException("its key leads out of " + root + ": read it by itself: get KEY FILE");
    }
    Files.createDirectories(path.getParent());
    return path;
  }

  private interface Naming {
    Path of(Key key) throws IOException;
  }

  private int fetchAll(Hayloft client, Iterator<Key> found, Progress.Goal goal, Naming naming)
      throws IOException, InterruptedException {
    try (var bar = output.progress(surroundings, goal)) {
      boolean only = goal.items() == 1;
      Transfers.Work<Key> fetch =
          key -> {
            client.fetch(key, naming.of(key), ReadOptions.DEFAULT.progress(Transfers.into(bar)));
            bar.addItem();
          };
      int failed = 0;
      if (only) {
        fetch.on(found.next());
      } else {
        failed = new Transfers(surroundings, parallel).forEach(found, fetch);
      }
      bar.end();
      report(bar, failed);
      return failed == 0 ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }
  }

  private void report(Progress bar, int failed) {
    if (output.json()) {
      surroundings
          .terminal()
          .line(
              Json.text(
                  Json.object(
                      "read",
                      bar.items(),
                      "bytes",
                      bar.bytes(),
                      "failed",
                      failed,
                      "seconds",
                      bar.elapsed().toMillis() / 1000.0)));
    } else if (failed > 0 || recursive) {
      output.note(
          surroundings,
          "read %s%s"
              .formatted(
                  Amounts.count(bar.items(), "file"),
                  failed == 0 ? "" : ", " + Amounts.count(failed) + " failed"));
    }
  }
}
