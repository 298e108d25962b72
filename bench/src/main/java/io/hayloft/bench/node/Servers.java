package io.hayloft.bench.node;

import io.hayloft.bench.load.Span;
import io.hayloft.bench.server.Contender;
import io.hayloft.bench.server.HayloftServer;
import io.hayloft.bench.server.NginxServer;
import io.hayloft.bench.server.Server;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The servers that are compared. Those that are read from have one document root in common; those
 * that are written to have one each.
 */
final class Servers implements AutoCloseable {

  private final Kind kind;
  private final List<Server> all = new ArrayList<>();

  private Servers(Kind kind) {
    this.kind = kind;
  }

  /**
   * @param place an empty directory for files and logs
   */
  static Servers start(Kind kind, Path place, List<String> daemonFlags, Time time)
      throws InterruptedException {
    var servers = new Servers(kind);
    try {
      for (var contender : kind.contenders()) {
        servers.all.add(start(contender, kind, place, daemonFlags, time));
      }
      return servers;
    } catch (RuntimeException | InterruptedException e) {
      servers.close();
      throw e;
    }
  }

  private static Server start(
      Contender contender, Kind kind, Path place, List<String> daemonFlags, Time time)
      throws InterruptedException {
    var name = contender.name().toLowerCase(Locale.ROOT);
    var docroot = place.resolve(kind.writes() ? name + "-files" : "files");
    try {
      Files.createDirectories(Span.device(docroot));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contender.isOurs()
        ? HayloftServer.start(
            HayloftServer.order(docroot, kind.durability(), daemonFlags),
            place.resolve(name + ".log"),
            time)
        : NginxServer.start(contender, docroot, place.resolve(name), time);
  }

  Kind kind() {
    return kind;
  }

  List<Server> all() {
    return List.copyOf(all);
  }

  Server ours() {
    return of(Contender.HAYLOFT);
  }

  Server of(Contender contender) {
    return all.stream()
        .filter(server -> server.contender() == contender)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not started: " + contender));
  }

  @Override
  public void close() {
    all.forEach(Server::close);
  }
}
