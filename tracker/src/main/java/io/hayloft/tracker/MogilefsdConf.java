package io.hayloft.tracker;

import io.hayloft.runtime.config.OriginalConfig;
import io.hayloft.runtime.config.OriginalConfig.Comments;
import io.hayloft.runtime.config.OriginalDsn;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the keys of the original's {@code mogilefsd.conf} become here. */
public final class MogilefsdConf {

  private static final String PORT = "7001";

  private static final String OF_THE_PROCESS =
      "it is for the program mogilefsd, which starts a tracker; hayloft tracker stays in the"
          + " foreground, under a service manager";

  private MogilefsdConf() {}

  /** How such a file is read. */
  public static OriginalConfig format() {
    var format =
        OriginalConfig.builder(Comments.WHOLE_LINES)
            .converted("db_dsn", "database.url", OriginalDsn::jdbcUrl)
            .key("db_user", "database.user")
            .key("db_pass", "database.password")
            .together(Set.of("listen", "conf_port"), MogilefsdConf::listen)
            .key("min_free_space", "nodes.min_free_space_mb")
            .key("default_mindevcount", "nodes.default_mindevcount")
            .converted("node_timeout", "nodes.timeout", MogilefsdConf::seconds)
            .converted("conn_timeout", "nodes.conn_timeout", MogilefsdConf::seconds)
            .key("mogstored_stream_port", "nodes.side_channel_port")
            .key("repl_use_get_port", "nodes.copy_from_get_port")
            .key("job_master", "jobs.enabled")
            .key("delete_jobs", "jobs.delete")
            .key("replicate_jobs", "jobs.replicate")
            .key("reaper_jobs", "jobs.reaper")
            .key("fsck_jobs", "jobs.fsck")
            .key("rebalance_ignore_missing", "jobs.rebalance_ignore_missing")
            .key("local_network", "local_network")
            .key("plugins", "plugins");
    return withoutEffect(format).build();
  }

  private static OriginalConfig.Builder withoutEffect(OriginalConfig.Builder format) {
    return format
        .ignored("daemonize", OF_THE_PROCESS)
        .ignored("pidfile", OF_THE_PROCESS)
        .ignored("user", "the tracker runs as whoever starts it")
        .ignored("query_jobs", "requests need no processes; limits.requests bounds them")
        .ignored("listener_jobs", "requests need no processes; limits.requests bounds them")
        .ignored("monitor_jobs", "there is always one monitor")
        .ignored("max_disk_age", "the original does not use it either")
        .ignored("conn_pool_size", "connections to nodes are bounded for each node")
        .ignored("max_handles", "connections to the database are renewed by their age")
        .ignored("no_schema_check", "tables of another version are never used")
        .ignored("debug", "set log levels instead");
  }

  /**
   * The original takes addresses with and without ports; those without have the one of conf_port.
   */
  private static Map<String, String> listen(Map<String, String> given) {
    var port = given.getOrDefault("conf_port", PORT);
    var addresses =
        Arrays.stream(given.getOrDefault("listen", "0.0.0.0").split(","))
            .map(String::trim)
            .filter(address -> !address.isEmpty())
            .map(address -> address.contains(":") ? address : address + ":" + port)
            .collect(Collectors.joining(","));
    return Map.of("listen", addresses);
  }

  private static String seconds(String text) {
    return text + "s";
  }
}
