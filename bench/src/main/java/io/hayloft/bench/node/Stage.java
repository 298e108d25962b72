package io.hayloft.bench.node;

import io.hayloft.bench.load.Span;
import io.hayloft.bench.load.Wrk;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.bench.server.Server;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a trial works with. Servers of one kind stay for all trials that need them, as a server in
 * use does, and end when those of another kind are needed.
 */
final class Stage implements AutoCloseable {

  private static final int IN_A_DIRECTORY = 1000;

  private final Path place;
  private final Settings settings;
  private final World world;
  private final Wrk wrk;
  private @Nullable Servers servers;
  private long nextFile = IN_A_DIRECTORY;
  private int places;

  /**
   * @param say where it is told how far things are
   */
  record World(Tasks tasks, Time time, Consumer<String> say) {}

  /**
   * @param place an empty directory, on the disk to measure
   */
  Stage(Path place, Settings settings, World world) {
    this.place = place;
    this.settings = settings;
    this.world = world;
    this.wrk = new Wrk(place);
  }

  Settings settings() {
    return settings;
  }

  Wrk wrk() {
    return wrk;
  }

  Tasks tasks() {
    return world.tasks();
  }

  Time time() {
    return world.time();
  }

  void say(String text) {
    world.say().accept(text);
  }

  /** Running servers of that kind. */
  Servers servers(Kind kind) throws InterruptedException {
    if (servers == null || servers.kind() != kind) {
      close();
      servers = newServers(kind);
    }
    return servers;
  }

  /** Ends servers and removes what was written to them. */
  void discard(Kind kind) {
    if (servers != null && servers.kind() == kind) {
      var ended = servers;
      close();
      ended.all().stream().map(Server::docroot).distinct().forEach(Stage::remove);
    }
  }

  private static void remove(Path docroot) {
    try {
      Scratch.remove(docroot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, but new ones, for the caller to close. */
  Servers newServers(Kind kind) throws InterruptedException {
    return Servers.start(kind, newPlace(), settings.daemonFlags(), time());
  }

  /** An empty directory. */
  Path newPlace() {
    try {
      return Files.createDirectory(place.resolve("part" + places++));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers for files that no other trial has, in directories of their own. */
  Span newFiles(int count) {
    var span = new Span(nextFile, count);
    nextFile += Math.ceilDiv(count, IN_A_DIRECTORY) * (long) IN_A_DIRECTORY;
    return span;
  }

  /** Of the machine, over the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  @Override
  public void close() {
    if (servers != null) {
      servers.close();
      servers = null;
    }
  }
}
