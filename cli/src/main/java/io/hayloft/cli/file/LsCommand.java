package io.hayloft.cli.file;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.client.FileInfo;
import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftException;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists keys, as long as the list is and as long as somebody reads it. */
@Command(
    name = "ls",
    description = {
      "List keys in the order of their bytes.",
      "",
      "  hayloft ls                   all of the domain",
      "  hayloft ls 2026/ -l          with copies, size and class",
      ""
    },
    sortOptions = false)
final class LsCommand implements Callable<Integer> {

  private static final int AT_ONCE = 200;
  private static final int PARALLEL = 16;

  private final Surroundings surroundings;

  @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Only keys that begin with it.")
  private String prefix = "";

  @Option(
      names = {"-l", "--long"},
      description = "With the number of copies, size, class and devices.")
  private boolean details;

  @Option(names = "--after", paramLabel = "KEY", description = "Begin behind this key.")
  private Optional<String> after = Optional.empty();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
  private long limit = Long.MAX_VALUE;

  @Mixin private DomainOptions domain = new DomainOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  LsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (var client = domain.client(surroundings)) {
      var keys = client.list(prefix, after.map(Key::utf8)).limit(limit).iterator();
      var terminal = surroundings.terminal();
      for (var part = part(keys); !part.isEmpty() && !terminal.isDeaf(); part = part(keys)) {
        if (details) {
          detailed(client, part);
        } else {
          for (var key : part) {
            terminal.line(
                output.json() ? Json.text(Json.object("key", key.toString())) : key.toString());
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return ExitCode.OK.number();
  }

  private static List<Key> part(Iterator<Key> keys) {
    var part = new ArrayList<Key>();
    while (part.size() < AT_ONCE && keys.hasNext()) {
      part.add(keys.next());
    }
    return part;
  }

  private void detailed(Hayloft client, List<Key> part) throws InterruptedException {
    for (var file : surroundings.tasks().forEach(part, PARALLEL, key -> info(client, key))) {
      if (file != null) {
        surroundings.terminal().line(output.json() ? Json.text(FileRow.json(file)) : line(file));
      }
    }
  }

  /** Null when it was deleted since it was listed. */
  private static @Nullable FileInfo info(Hayloft client, Key key) {
    try {
      return client.info(key).orElse(null);
    } catch (HayloftException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(FileInfo file) {
    var devices =
        file.copies().devices().stream().map(device -> "dev" + device.value()).sorted().toList();
    return String.format(
        Locale.ROOT,
        "%3d %,15d  %-12s  %s  %s",
        file.copies().count(),
        file.length(),
        file.fileClass(),
        file.key(),
        String.join(",", devices));
  }
}
