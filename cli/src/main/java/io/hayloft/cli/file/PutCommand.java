package io.hayloft.cli.file;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.local.LocalTree;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
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
      "Store a file, a directory (-r), standard input (-), or several files (--prefix).",
      "",
      "A file's key is its name unless KEY says another; with -r the key of each file below is its",
      "path from the directory's name on, and KEY replaces that name.",
      "",
      "  hayloft put cat.jpg                      key cat.jpg",
      "  hayloft put cat.jpg pets/7.jpg           key pets/7.jpg",
      "  hayloft put -r holiday                   keys holiday/...",
      "  hayloft put -r holiday 2026/june         keys 2026/june/...",
      "  hayloft put *.jpg --prefix pets/         keys pets/ and the names",
      "  tar c docs | hayloft put - docs.tar",
      ""
    },
    sortOptions = false)
final class PutCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE [KEY]",
      description = "What to store (- is standard input), and its key.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = {"-r", "--recursive"},
      description = "Store directories with all that is below them.")
  private boolean recursive;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "All words are files; their keys are this text and their names.")
  private Optional<String> prefix = Optional.empty();

  @Option(
      names = {"-c", "--class"},
      paramLabel = "CLASS",
      description = "The class of the files; default $HAYLOFT_CLASS, else the domain's default.")
  private Optional<String> fileClass = Optional.empty();

  @Option(
      names = "--verify",
      description = "Have the tracker read each file back and compare its MD5 sum.")
  private boolean verify;

  @Option(
      names = "--mincopies",
      paramLabel = "N",
      description =
          "Wait until each file has so many durable copies, 10 s at most; it stays stored even if"
              + " there are fewer then.")
  private int mincopies = 1;

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
    if (mincopies < 1 || mincopies > 255) {
      throw new Refusal(ExitCode.USAGE, "--mincopies is 1 to 255, not " + mincopies);
    }
    try (var client = domain.client(surroundings, fileClass)) {
      return words.contains("-") ? putInput(client) : putFiles(client);
    }
  }

  private int putInput(Hayloft client) throws IOException {
    if (words.size() != 2 || !words.getFirst().equals("-") || prefix.isPresent()) {
      throw new Refusal(ExitCode.USAGE, "standard input needs a key: hayloft put - KEY");
    }
    var name = words.getLast();
    try (var bar = output.progress(surroundings, new Progress.Goal(name, "", 1, 0))) {
      client.store(
          key(Path.of("-"), name),
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
      throw new Refusal(ExitCode.NOT_FOUND, "there are no files below " + words.getFirst());
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
                      "stored",
                      bar.items(),
                      "bytes",
                      bar.bytes(),
                      "failed",
                      failed,
                      "seconds",
                      bar.elapsed().toMillis() / 1000.0)));
    } else if (failed > 0) {
      output.note(
          surroundings,
          "stored %s, %s failed"
              .formatted(Amounts.count(bar.items(), "file"), Amounts.count(failed)));
    }
  }

  private List<Item> items() throws IOException {
    var items = new ArrayList<Item>();
    if (prefix.isPresent()) {
      for (var word : words) {
        items.addAll(items(word, Optional.empty(), prefix.get()));
      }
      return items;
    }
    if (words.size() > 2) {
      throw new Refusal(
          ExitCode.USAGE, "to store several files, add --prefix TEXT, with which their keys begin");
    }
    var key = words.size() == 2 ? Optional.of(words.getLast()) : Optional.<String>empty();
    // "put *.jpg" where there are two of them must not store the one under the other's name.
    if (key.isPresent() && Files.exists(Path.of(key.get()))) {
      throw new Refusal(
          ExitCode.USAGE,
          "is %s a key or another file? Two files: add --prefix TEXT; a key: rename the file here"
              .formatted(key.get()));
    }
    return items(words.getFirst(), key, "");
  }

  private List<Item> items(String word, Optional<String> key, String begin) throws IOException {
    var path = Path.of(word);
    if (Files.isDirectory(path)) {
      return below(path, key, begin);
    } else if (!Files.exists(path)) {
      throw new Refusal(ExitCode.NOT_FOUND, "there is no file " + word);
    }
    var name = key.orElse(String.valueOf(path.getFileName()));
    return List.of(new Item(path, key(path, begin + name), Files.size(path)));
  }

  private List<Item> below(Path directory, Optional<String> key, String begin) throws IOException {
    if (!recursive) {
      throw new Refusal(
          ExitCode.USAGE, directory + " is a directory: to store what is below it, add -r");
    }
    var tree = LocalTree.below(directory);
    if (tree.skipped() > 0) {
      output.note(
          surroundings,
          "hayloft: %s left out below %s (links, special files, or not readable)"
              .formatted(Amounts.count(tree.skipped()), directory));
    }
    var name = begin + key.orElse(String.valueOf(directory.getFileName()));
    // What is in "." has no directory's name in front.
    var front = name.matches("[./]*") ? "" : name.replaceFirst("/*$", "/");
    var items = new ArrayList<Item>();
    for (var file : tree.files()) {
      var relative = directory.relativize(file.path()).toString();
      items.add(new Item(file.path(), key(file.path(), front + relative), file.size()));
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
}
