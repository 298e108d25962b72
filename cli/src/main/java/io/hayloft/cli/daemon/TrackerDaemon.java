package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Version;
import io.hayloft.runtime.config.OriginalConfig;
import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.tracker.MogilefsdConf;
import io.hayloft.tracker.Tracker;
import io.hayloft.tracker.TrackerConfig;
import java.nio.file.Path;
import java.util.List;

/** {@code hayloft tracker}: a tracker. */
final class TrackerDaemon implements Daemon<TrackerConfig> {

  @Override
  public String name() {
    return "tracker";
  }

  @Override
  public List<String> description() {
    return List.of(
        "Run a tracker: knows the names and places of files, makes and repairs copies.",
        "",
        "  hayloft db migrate --url jdbc:mysql://db1:3306/hayloft --user hayloft     (once)",
        "  hayloft tracker --database-url jdbc:mysql://db1:3306/hayloft --database-user hayloft",
        "");
  }

  @Override
  public Class<TrackerConfig> configuration() {
    return TrackerConfig.class;
  }

  @Override
  public OriginalConfig original() {
    return MogilefsdConf.format();
  }

  @Override
  public List<Path> usualFiles() {
    return List.of(Path.of("/etc/hayloft/tracker.yaml"), Path.of("/etc/mogilefs/mogilefsd.conf"));
  }

  @Override
  public String start(TrackerConfig config, Host host) throws Exception {
    var surroundings = host.surroundings();
    var metrics = host.lifecycle().add("metrics", new Metrics("tracker", Version.text()));
    var tracker =
        host.lifecycle()
            .start(
                "tracker",
                () ->
                    Tracker.start(
                        config,
                        new Tracker.Surroundings(
                            surroundings.time(),
                            surroundings.tasks(),
                            surroundings.random(),
                            metrics),
                        () -> host.shutdown().request("an operator")));
    host.lifecycle().add("watchers' log", WatchersAppender.follow(tracker::tellWatchers));
    var pages = tracker.httpAddress().map(address -> ", pages http://" + address + "/").orElse("");
    return "clients %s%s".formatted(config.listen(), pages);
  }
}
