package io.hayloft.systemtest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A web server of somebody else's that keeps files: nginx as its packages come, with WebDAV. */
final class NginxNode implements AutoCloseable {

  private final Process process;
  private final Path log;

  private NginxNode(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Gives the test up where there is no nginx. */
  static void assumeInstalled() {
    assumeTrue(program().isPresent(), "nginx is not installed");
  }

  private static Optional<Path> program() {
    var path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":"))
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param device the directory of the one device, as in {@code dev1}
   * @param makesDirectories whether it makes missing directories with a PUT, or wants MKCOL
   */
  static NginxNode start(
      Path place, InetSocketAddress listen, Path docroot, String device, boolean makesDirectories) {
    try {
      Files.createDirectories(place);
      Files.createDirectories(docroot.resolve(device));
      var config =
          Files.writeString(
              place.resolve("nginx.conf"),
              """
              daemon off;
              master_process off;
              pid %1$s/nginx.pid;
              error_log stderr warn;
              events { worker_connections 500; }
              http {
                access_log %1$s/access.log;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                client_max_body_size 0;
                server {
                  listen %3$s:%4$d;
                  root %2$s;
                  autoindex on;
                  location /%6$s/ {
                    client_body_temp_path %2$s/%6$s/.nginx;
                    dav_methods PUT DELETE MKCOL MOVE;
                    dav_access user:rw group:rw all:r;
                    create_full_put_path %5$s;
                  }
                }
              }
              """
                  .formatted(
                      place,
                      docroot,
                      listen.getHostString(),
                      listen.getPort(),
                      makesDirectories ? "on" : "off",
                      device));
      var log = place.resolve("error.log");
      var process =
          new ProcessBuilder(
                  program().orElseThrow().toString(), "-p", place.toString(), "-c", "" + config)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var node = new NginxNode(process, log);
      node.awaitListening(listen);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening(InetSocketAddress address) {
    Awaitility.await("nginx on " + address)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("nginx ended: " + log());
              }
              try (var socket = new Socket()) {
                socket.connect(address, 1_000);
                return true;
              } catch (IOException notYet) {
                return false;
              }
            });
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
