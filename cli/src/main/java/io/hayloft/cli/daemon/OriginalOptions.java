package io.hayloft.cli.daemon;

import io.hayloft.cli.daemon.OptionTable.Takes;

/** The command lines of the original's daemons. */
final class OriginalOptions {

  static final String CONFIG = "config";
  static final String SKIP_CONFIG = "skipconfig";
  static final String PID_FILE = "pidfile";

  private OriginalOptions() {}

  /** Of {@code mogilefsd}. */
  static OptionTable tracker() {
    return common()
        .other("daemonize", "D", Takes.NOTHING)
        .other("no_http", "", Takes.NOTHING)
        .other("workerport", "", Takes.VALUE)
        .key("debug", "d", Takes.NOTHING, "debug")
        .key("dsn", "", Takes.VALUE, "db_dsn")
        .key("dbuser", "", Takes.VALUE, "db_user")
        .key("dbpass", "", Takes.VALUE, "db_pass")
        .key("listen", "l", Takes.LIST, "listen")
        .key("confport", "p", Takes.VALUE, "conf_port")
        .key("workers", "w", Takes.VALUE, "query_jobs")
        .keys(
            Takes.VALUE,
            "min_free_space",
            "max_disk_age",
            "default_mindevcount",
            "node_timeout",
            "conn_timeout",
            "conn_pool_size",
            "max_handles",
            "mogstored_stream_port",
            "local_network",
            "plugins",
            "user")
        .keys(Takes.NOTHING, "job_master", "repl_use_get_port", "no_schema_check");
  }

  /** Of {@code mogstored}. */
  static OptionTable node() {
    return common()
        .other("daemonize", "d", Takes.NOTHING)
        .keys(Takes.VALUE, "httplisten", "mgmtlisten", "docroot", "maxconns", "server", "serverbin")
        .keys(Takes.NOTHING, "iostat");
  }

  private static OptionTable common() {
    return new OptionTable()
        .other(CONFIG, "c", Takes.VALUE)
        .other(SKIP_CONFIG, "s", Takes.NOTHING)
        .other(PID_FILE, "", Takes.VALUE);
  }
}
