package io.hayloft.bench.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * How nginx is set up: one worker, open files cached, no log of accesses, and as fast as its manual
 * says it can be.
 *
 * @param home for all that it writes, on the filesystem of the files, so that it can store them by
 *     a rename
 * @param docroot where the files are
 */
record NginxConfiguration(Contender contender, InetSocketAddress address, Path home, Path docroot) {

  NginxConfiguration {
    if (contender.isOurs()) {
      throw new IllegalArgumentException("that is no nginx");
    }
    refuseOdd(home);
    refuseOdd(docroot);
  }

  /** The text is not made for names that need quoting twice. */
  private static void refuseOdd(Path path) {
    if (!path.toString().matches("[^\"'\\\\$;{}]+")) {
      throw new IllegalArgumentException("nginx cannot be told of " + path);
    }
  }

  String text() {
    return """
    daemon off;
    worker_processes 1;
    %1$spid "%2$s/nginx.pid";
    error_log "%2$s/error.log" error;
    events {
      worker_connections 12000;
    }
    http {
      access_log off;
      default_type application/octet-stream;
      sendfile %3$s;
      tcp_nopush off;
      tcp_nodelay on;
      keepalive_timeout 3600;
      keepalive_requests 1000000000;
      open_file_cache max=10000 inactive=60s;
      client_max_body_size 0;
      client_body_buffer_size 1m;
      client_body_temp_path "%2$s/body";
      proxy_temp_path "%2$s/proxy";
      fastcgi_temp_path "%2$s/fastcgi";
      uwsgi_temp_path "%2$s/uwsgi";
      scgi_temp_path "%2$s/scgi";
      server {
        listen %4$s:%5$d backlog=4096;
        root "%6$s";
    %7$s  }
    }
    """
        .formatted(
            // Its worker would be somebody else otherwise, who may not reach the files.
            System.getProperty("user.name").equals("root") ? "user root root;\n" : "",
            home,
            contender == Contender.NGINX_COPYING ? "off" : "on",
            address.getAddress().getHostAddress(),
            address.getPort(),
            docroot,
            contender == Contender.NGINX_DAV
                ? "    dav_methods PUT;\n    create_full_put_path on;\n"
                : "");
  }
}
