package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Table;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.cli.takeover.Finding;
import io.hayloft.cli.takeover.Finding.Verdict;
import io.hayloft.cli.takeover.Takeover;
import io.hayloft.runtime.config.OriginalFile;
import io.hayloft.schema.survey.SurveyException;
import io.hayloft.schema.survey.SurveyReader;
import io.hayloft.tracker.MogilefsdConf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Taking over an installation of MogileFS. */
@Command(
    name = "migrate",
    description = {
      "See what taking over an installation of MogileFS would mean.",
      "",
      "  hayloft migrate check --config /etc/mogilefs/mogilefsd.conf",
      "",
      "check changes nothing. hayloft db migrate adds Hayloft's own tables; docs/migration.md",
      "walks through all of it, and back.",
      ""
    })
final class MigrateCommand implements Runnable {

  private static final Path USUAL_NODE_FILE = Path.of("/etc/mogilefs/mogstored.conf");

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  MigrateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The file of a storage node, which is looked at as well. */
  static final class NodeFile {

    @Option(
        names = "--mogstored-config",
        paramLabel = "FILE",
        description =
            "A storage daemon's file, to be judged too. Without it /etc/mogilefs/mogstored.conf, if"
                + " it exists.")
    private @Nullable Path file;

    private Optional<Path> path() {
      return Optional.ofNullable(file).or(() -> Configuration.usual(List.of(USUAL_NODE_FILE)));
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: migrate check");
  }

  @Command(
      name = "check",
      description = {
        "Look at an installation of MogileFS, and say what taking it over means. Changes nothing.",
        "",
        "Exit codes: 0 it can be taken over, 1 something blocks, 2 no database is named."
      })
  int check(@Mixin DatabaseOptions database, @Mixin NodeFile node, @Mixin OutputOptions output)
      throws IOException {
    var findings = new ArrayList<Finding>();
    var file = database.file();
    Optional<OriginalFile> explained =
        file.isPresent() ? MogilefsdConf.format().explain(file.get()) : Optional.empty();
    explained.ifPresent(each -> findings.addAll(Takeover.ofFile(each)));
    var nodeFile = node.path();
    if (nodeFile.isPresent()) {
      MogstoredConf.format()
          .explain(nodeFile.get())
          .ifPresent(each -> findings.addAll(Takeover.ofFile(each)));
    }
    Map<String, String> values = explained.map(OriginalFile::values).orElse(Map.of());
    boolean isHopeless =
        Takeover.isBlocked(findings)
            && explained.isPresent()
            && !database.isNamed(surroundings, values);
    if (!isHopeless) {
      var access =
          explained.isPresent() ? database.read(surroundings, values) : database.read(surroundings);
      findings.addAll(
          look(new SurveyReader.Access(access.url(), access.user(), access.password()), output));
    }
    var sorted = Takeover.sorted(findings);
    show(sorted, output);
    return Takeover.isBlocked(sorted) ? ExitCode.FAILED.number() : ExitCode.OK.number();
  }

  private List<Finding> look(SurveyReader.Access access, OutputOptions output) {
    var goal = Progress.Goal.items("Looking", "parts", SurveyReader.PARTS.size());
    try (var progress = output.progress(surroundings, goal)) {
      return Takeover.ofDatabase(SurveyReader.read(access, part -> progress.addItem()));
    } catch (SurveyException e) {
      return List.of(Takeover.unreachable(String.valueOf(e.getMessage())));
    }
  }

  private void show(List<Finding> findings, OutputOptions output) {
    var terminal = surroundings.terminal();
    boolean blocked = Takeover.isBlocked(findings);
    var table =
        new Table<Finding>()
            .words("verdict", "verdict", each -> each.verdict().word())
            .words("where", "where", Finding::where)
            .words(
                "what it means",
                "",
                each -> each.found() + (each.advice().isEmpty() ? "" : " → " + each.advice()));
    if (output.json()) {
      var rows =
          findings.stream()
              .map(
                  each ->
                      Json.object(
                          "verdict", each.verdict().word(),
                          "where", each.where(),
                          "found", each.found(),
                          "advice", each.advice()))
              .toList();
      terminal.line(Json.text(Json.object("blocked", blocked, "findings", rows)));
      return;
    }
    table.show(terminal, false, findings);
    terminal.line("");
    terminal.line(
        (blocked
                ? "This installation cannot be taken over yet: %s."
                    .formatted(things(findings, Verdict.BLOCKS, "in the way"))
                : "This installation can be taken over.")
            + " %s; %s; %s."
                .formatted(
                    things(findings, Verdict.LOOK, "to look at"),
                    things(findings, Verdict.DIFFERS, "that will be different"),
                    things(findings, Verdict.ADOPTED, "as before")));
  }

  private static String things(List<Finding> findings, Verdict verdict, String which) {
    long count = findings.stream().filter(each -> each.verdict() == verdict).count();
    return Amounts.count(count, "thing") + " " + which;
  }
}
