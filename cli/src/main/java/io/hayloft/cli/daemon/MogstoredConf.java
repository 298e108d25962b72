package io.hayloft.cli.daemon;

import io.hayloft.runtime.config.OriginalConfig;
import io.hayloft.runtime.config.OriginalConfig.Comments;

/** What the keys of the original's {@code mogstored.conf} become here. */
final class MogstoredConf {

  private MogstoredConf() {}

  /** How such a file is read. */
  static OriginalConfig format() {
    var foreground = "a node runs in the foreground; let a service manager keep it";
    var server = "the node is its own HTTP server";
    return OriginalConfig.builder(Comments.ANYWHERE)
        .key("httplisten", "http_listen")
        .key("mgmtlisten", "side_listen")
        .key("docroot", "docroot")
        .key("maxconns", "max_connections")
        .ignored("server", server)
        .ignored("serverbin", server)
        .ignored("iostat", "the node reads the kernel's own figures")
        .ignored("daemonize", foreground)
        .ignored("pidfile", foreground)
        .build();
  }
}
