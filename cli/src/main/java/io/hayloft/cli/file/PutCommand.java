package io.hayloft.cli.file;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.cli.local.LocalTree;
import io.hayloft.client.Hayloft;
import io.hayloft.client.Source;
import io.hayloft.client.StoreOptions;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores files, directories of files, or standard input. */
@Command(
    name = "put",
    description = {
      "Store files, directories (-r), or standard input (-).",
      "",
      "A file's key is its name; with -r, its path from the directory's name on. --prefix is put",
      "in front of either, --key is the whole key of a single file.",
      "",
      "  hayloft put cat.jpg                          key cat.jpg",
      "  hayloft put cat.jpg --key pets/7             key pets/7",
      "  hayloft put -r holiday --prefix 2026/        keys 2026/holiday/...",
      "  tar c docs | hayloft put - --key docs.tar",
      ""
    },
    sortOptions = false)
final class PutCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to store; - is the input.")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = {"-r", "--recursive"},
      description = "Store directories with all that is below them.")
  private boolean recursive;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description = "The key of the one file.")
  private Optional<String> key = Optional.empty();

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Begin all keys with this, as in 2026/.")
  private String prefix = "";

  @Option(
      names = {"-c", "--class"},
      paramLabel = "CLASS",
      description = "The class of the files; default $HAYLOFT_CLASS, else the domain's default.")
  private Optional<String> fileClass = Optional.empty();

  @Option(
      names = "--mincopies",
      paramLabel = "N",
      description = "Wait until each file has so many durable copies; default ${DEFAULT-VALUE}.")
  private int mincopies = 1;

  @Option(
      names = "--verify",
      description = "Have the tracker read each file back and compare its MD5 sum.")
  private boolean verify;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Store so many files at a time; default ${DEFAULT-VALUE}.")
  private int parallel = 8;

  @Mixin private DomainOptions domain = new DomainOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  PutCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** One file and the key it gets. */
  private record Item(Path file, Key key, long size) {
    @Override
    public String toString() {
      return file.toString();
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (parallel < 1 || parallel > 256) {
      throw new Refusal(ExitCode.USAGE, "--parallel is 1 to 256, not " + parallel);
    }
    try (var client = domain.client(surroundings, fileClass)) {
      return sources.contains("-") ? putInput(client) : putFiles(client);
    }
  }

  private int putInput(Hayloft client) throws IOException {
    if (sources.size() > 1) {
      throw new Refusal(ExitCode.USAGE, "standard input (-) is stored alone");
    }
    var name =
        key.orElseThrow(
            () -> new Refusal(ExitCode.USAGE, "name the key of standard input: put - --key NAME"));
    try (var bar = output.progress(surroundings, new Progress.Goal(name, "", 1, 0))) {
      client.store(
          key(Path.of("-"), prefix + name),
          Source.of(surroundings.terminal().in()),
          options().progress(Transfers.into(bar)));
      bar.addItem();
      report(bar, 0);
    }
    return ExitCode.OK.number();
  }

  private int putFiles(Hayloft client) throws IOException, InterruptedException {
    var items = items();
    long bytes = items.stream().mapToLong(Item::size).sum();
    if (items.isEmpty()) {
      throw new Refusal(ExitCode.NOT_FOUND, "there are no files below " + sources);
    }
    var title = items.size() == 1 ? items.getFirst().key().toString() : "storing";
    try (var bar =
        output.progress(surroundings, new Progress.Goal(title, "files", items.size(), bytes))) {
      int failed =
          new Transfers(surroundings, parallel)
              .forEach(
                  items.iterator(),
                  item -> {
                    client.store(
                        item.key(),
                        Source.of(item.file()),
                        options().progress(Transfers.into(bar)));
                    bar.addItem();
                  });
      bar.end();
      report(bar, failed);
      return failed == 0 ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }
  }

  private StoreOptions options() {
    var options = StoreOptions.DEFAULT.mincopies(mincopies);
    return verify ? options.checksumVerified(HashAlgorithm.MD5) : options;
  }

  private void report(Progress bar, int failed) {
    if (output.json()) {
      surroundings
          .terminal()
          .line(
              Json.text(
                  Json.object(
                      "stored", bar.items(), "bytes", bar.bytes(), "failed", failed,
                      "seconds", bar.elapsed().toMillis() / 1000.0)));
    } else if (failed > 0) {
      output.note(
          surroundings,
          "stored %s, %s failed"
              .formatted(Amounts.count(bar.items(), "file"), Amounts.count(failed)));
    }
  }

  private List<Item> items() throws IOException {
    var items = new ArrayList<Item>();
    for (var source : sources) {
      var path = Path.of(source);
      if (Files.isDirectory(path)) {
        items.addAll(below(source, path));
      } else if (Files.exists(path)) {
        var name = key.orElse(String.valueOf(path.getFileName()));
        items.add(new Item(path, key(path, prefix + name), Files.size(path)));
      } else {
        throw missing(source);
      }
    }
    if (key.isPresent() && items.size() != 1) {
      throw new Refusal(
          ExitCode.USAGE, "--key names one file, not %d: use --prefix".formatted(items.size()));
    }
    return items;
  }

  private List<Item> below(String source, Path directory) throws IOException {
    if (!recursive) {
      throw new Refusal(
          ExitCode.USAGE, source + " is a directory: to store what is below it, add -r");
    }
    var whole = directory.toAbsolutePath().normalize();
    boolean here = directory.normalize().toString().isEmpty();
    var parent = here || whole.getParent() == null ? whole : whole.getParent();
    var tree = LocalTree.below(directory);
    if (tree.skipped() > 0) {
      output.note(
          surroundings,
          "hayloft: %s: %s left out (links, special files, or not readable)"
              .formatted(source, Amounts.count(tree.skipped())));
    }
    var items = new ArrayList<Item>();
    for (var file : tree.files()) {
      var relative = parent.relativize(file.path().toAbsolutePath().normalize()).toString();
      items.add(new Item(file.path(), key(file.path(), prefix + relative), file.size()));
    }
    return items;
  }

  /** Said before anything is stored. */
  private static Key key(Path file, String text) {
    try {
      return Key.utf8(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.USAGE, "%s cannot be stored: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** People who know other tools write the key in the second place. */
  private Refusal missing(String source) {
    var hint =
        sources.size() == 2 && source.equals(sources.getLast())
            ? ". To store %s under that key: hayloft put %s --key %s"
                .formatted(sources.getFirst(), sources.getFirst(), source)
            : "";
    return new Refusal(ExitCode.NOT_FOUND, "there is no file " + source + hint);
  }
}
