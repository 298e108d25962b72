package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hayloft.bench.call.Against;
import io.hayloft.bench.call.Installing;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.report.Scores;
import io.hayloft.runtime.time.Time;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench/run replay}: a recorded access log as the load. */
@Command(
    name = "replay",
    description = {
      "Repeat the accesses of a log, each when it was: keys, sizes and times come from the log."
          + " Reads",
      "ask the tracker where a file is and a node for its bytes, uploads and deletions are real.",
      "Files that are read without having been stored in the log are laid down first.",
      "",
      "A log has lines in the common or combined log format, of four words (time method key size),",
      "or objects in JSON; docs/performance.md says it exactly. It may be compressed by gzip.",
      ""
    },
    footer = {
      "",
      "  bench/run replay --sample 100000 sample.log          make a log up",
      "  bench/run replay sample.log --speed 4                on an installation of its own",
      "  bench/run replay access.log --against 10.0.0.1:7001 --domain photos",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ReplayCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Installing installing = new Installing();

  @Parameters(paramLabel = "<log>", description = "The log; - for standard input.")
  private Path file = Path.of("-");

  @Option(
      names = "--sample",
      paramLabel = "<n>",
      description = "Write a log with so many accesses there instead, as a store of photos has.")
  private int sample;

  @Option(
      names = "--sample-files",
      paramLabel = "<n>",
      defaultValue = "5000",
      description = "How many files the sample is about at first. Default: ${DEFAULT-VALUE}.")
  private int sampleFiles;

  @Option(
      names = "--sample-rate",
      paramLabel = "<n>",
      defaultValue = "200",
      description = "Accesses a second in the sample. Default: ${DEFAULT-VALUE}.")
  private double sampleRate;

  @Option(
      names = "--speed",
      paramLabel = "<x>",
      defaultValue = "1",
      description = "How many times as fast as it was recorded. Default: ${DEFAULT-VALUE}.")
  private double speed;

  @Option(
      names = "--against",
      paramLabel = "<host:port>",
      description = "A tracker that runs already, instead of an installation of its own.")
  private @Nullable String against;

  @Option(
      names = "--domain",
      paramLabel = "<name>",
      description = "Of the other tracker; it must be there, and what is in it may be replaced.")
  private @Nullable String domain;

  @Option(names = "--class", paramLabel = "<name>", description = "Of files that are stored.")
  private String fileClass = "";

  @Option(
      names = "--connections",
      paramLabel = "<n>",
      defaultValue = "256",
      description = {
        "Over how many clients, each with one access under way. Default: ${DEFAULT-VALUE}."
      })
  private int connections;

  @Option(
      names = "--most",
      paramLabel = "<n>",
      defaultValue = "1000000",
      description = "Read no more accesses than that. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(
      names = "--bad-lines",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "How many bad lines may be skipped. Default: ${DEFAULT-VALUE}.")
  private long badLines;

  @Option(names = "--strict", description = "The first bad line is one too many.")
  private boolean strict;

  @Option(
      names = "--usual-size",
      paramLabel = "<bytes>",
      defaultValue = "65536",
      description = "Of files whose size the log does not tell. Default: ${DEFAULT-VALUE}.")
  private int usualSize;

  @Option(
      names = "--largest",
      paramLabel = "<bytes>",
      defaultValue = "16777216",
      description = "Larger files are cut to that. Default: ${DEFAULT-VALUE}.")
  private int largest;

  @Override
  public Integer call() throws Exception {
    var voice = new Voice(spec);
    check(voice);
    if (sample > 0) {
      writeSample();
      return 0;
    }
    var log = read(voice);
    voice.say(
        "%,d accesses over %,d s; %,d bad lines, %,d passed over%s"
            .formatted(
                log.count(),
                log.length().toSeconds(),
                log.bad(),
                log.passedOver(),
                log.complaints()));
    var terms = new Repetition.Terms(speed, connections, largest);
    var scores = new Scores();
    try {
      if (against == null) {
        installing.check(voice);
        installing.with(cluster -> repeat(cluster, log, terms, voice, scores));
      } else {
        var site = site(against, String.valueOf(domain), voice);
        new Repetition(site, terms, Time.system(), voice).measure(log, scores);
      }
    } finally {
      voice.say(scores.markdown());
      var machine = installing.machine();
      machine.put("log", file.toString());
      machine.put("terms", terms.toString());
      installing.write(scores.json(machine));
    }
    return scores.areMet() ? 0 : 1;
  }

  private static void repeat(
      Cluster cluster, Log log, Repetition.Terms terms, Voice voice, Scores scores)
      throws InterruptedException {
    var site = new Repetition.Site(cluster.tracker().address(), Cluster.DOMAIN, Cluster.CLASS);
    new Repetition(site, terms, cluster.time(), voice).measure(log, scores);
  }

  private void check(Voice voice) {
    if (!(speed > 0) || connections < 1 || most < 1 || usualSize < 0 || largest < 1) {
      throw voice.wrong("a speed above 0, and at least one of all else");
    }
    if (sample < 0 || sampleFiles < 1 || !(sampleRate > 0) || badLines < 0) {
      throw voice.wrong("numbers that are not negative");
    }
    if (against != null && domain == null) {
      throw voice.wrong("--against needs --domain: what is in it may be replaced");
    }
  }

  private Repetition.Site site(String text, String name, Voice voice) {
    var tracker = Against.address(text, voice);
    var keys = "list_keys limit=1&domain=" + URLEncoder.encode(name, ISO_8859_1);
    Against.mustAnswer(tracker, keys, List.of("OK", "ERR none_match"), voice);
    return new Repetition.Site(tracker, name, fileClass);
  }

  private Log read(Voice voice) throws IOException {
    var bounds = new Log.Bounds(most, strict ? 0 : badLines, Math.min(usualSize, largest), largest);
    try (var in = open()) {
      return Log.read(in, bounds);
    } catch (IOException e) {
      throw voice.wrong("cannot read " + file + ": " + e);
    } catch (BadLogException e) {
      throw voice.wrong(file + ": " + e.getMessage());
    }
  }

  private InputStream open() throws IOException {
    if (file.toString().equals("-")) {
      return new BufferedInputStream(System.in);
    }
    var in = new BufferedInputStream(Files.newInputStream(file));
    return file.toString().endsWith(".gz") ? new BufferedInputStream(new GZIPInputStream(in)) : in;
  }

  private void writeSample() throws IOException {
    var made = new Sample(sampleFiles, sampleRate, 1);
    try (OutputStream out = file.toString().equals("-") ? standard() : Files.newOutputStream(file);
        var writer = new PrintWriter(out, false, US_ASCII)) {
      made.write(sample, writer);
    }
  }

  private static OutputStream standard() {
    return new FilterOutputStream(System.out) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
