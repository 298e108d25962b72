package io.hayloft.node;

import io.hayloft.node.blob.Durability;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.config.Setting;
import io.hayloft.runtime.config.Ungrouped;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a storage node is set up. The defaults are those of the original where it has the setting.
 */
public record StorageNodeConfig(
    Http http,
    Side side,
    @Ungrouped Storage storage,
    Usage usage,
    Limits limits,
    @Ungrouped Care care) {

  /** A node that serves its files itself, and looks after them only when it is asked to. */
  public StorageNodeConfig(
      Address httpListen,
      Address sideListen,
      Path docroot,
      int maxConnections,
      Durability durability,
      Limits limits) {
    this(
        new Http(httpListen, maxConnections, 8 << 20),
        new Side(sideListen, true),
        docroot,
        durability,
        new Usage(false, false),
        limits);
  }

  /** One that looks after its files only when it is asked to. */
  public StorageNodeConfig(
      Http http, Side side, Path docroot, Durability durability, Usage usage, Limits limits) {
    this(http, side, new Storage(docroot, durability), usage, limits, Care.ON_REQUEST);
  }

  /** The same with another care. */
  public StorageNodeConfig with(Care other) {
    return new StorageNodeConfig(http, side, storage, usage, limits, other);
  }

  /** Where and how files are kept. */
  public record Storage(
      @Setting(
              doc =
                  "The directory with a directory, usually a mounted disk, for each device: dev1,"
                      + " …",
              byDefault = "/var/mogdata")
          Path docroot,
      @Setting(
              doc =
                  "What happens before a write is acknowledged: full (bytes and names are on the"
                      + " disk), data (bytes are), none (neither is).",
              byDefault = "full")
          Durability durability) {}

  /** The port for files. */
  public record Http(
      @Setting(doc = "Where files are served over HTTP.", byDefault = "0.0.0.0:7500")
          Address listen,
      @Setting(
              doc = "How many HTTP connections are held at a time; more wait in the kernel.",
              byDefault = "10000",
              min = 1)
          int maxConnections,
      @Setting(
              doc =
                  "How much memory may hold the bytes of small files that are read again and again;"
                      + " a quarter of the heap's limit at most.",
              byDefault = "96m",
              min = 0)
          long hotBytes) {}

  /** The side channel. */
  public record Side(
      @Setting(
              doc =
                  "Where digests, sizes and disk utilization are asked for, and the node is"
                      + " stopped.",
              byDefault = "0.0.0.0:7501")
          Address listen,
      @Setting(
              doc = "Whether there is a side channel; trackers do without where it is closed.",
              byDefault = "yes")
          boolean enabled) {}

  /** The files in which devices tell how full they are. */
  public record Usage(
      @Setting(
              doc =
                  "Only write the usage files and answer the side channel: another web server"
                      + " serves the files.",
              byDefault = "no")
          boolean only,
      @Setting(
              doc =
                  "Count as used what lies below a device's own directory, not what its filesystem"
                      + " says: for several devices on one disk.",
              byDefault = "no")
          boolean viaDu) {}

  /** Bounds and intervals. */
  public record Limits(
      @Setting(
              doc = "How often the usage files are written and new devices looked for.",
              byDefault = "10s",
              min = 100)
          Duration usageInterval,
      @Setting(
              doc = "After how long an HTTP connection that moves no byte is closed.",
              byDefault = "60s",
              min = 100)
          Duration idleTimeout,
      @Setting(
              doc = "After how long a side channel connection that asks nothing is closed.",
              byDefault = "1h",
              min = 100)
          Duration sideIdleTimeout,
      @Setting(
              doc = "How many uploads may be under way at a time; more are answered 503.",
              byDefault = "1024",
              min = 1)
          int uploads,
      @Setting(
              doc = "How many requests may wait for one disk; more are answered 503.",
              byDefault = "1024",
              min = 1)
          int diskQueue,
      @Setting(
              doc = "How many files are kept open because they were read lately.",
              byDefault = "4096",
              min = 0)
          int openFiles) {}

  /** How the node looks after its files. */
  public record Care(Quarantine quarantine, Scrub scrub) {

    static final Care ON_REQUEST =
        new Care(new Quarantine(Duration.ofDays(14)), new Scrub(0, Duration.ofDays(1)));
  }

  /** Files that were taken out of the way: damaged ones, and those that no tracker knows. */
  public record Quarantine(
      @Setting(
              doc = "How long files stay in quarantine before they are deleted.",
              byDefault = "14d",
              min = 1000)
          Duration retention) {}

  /** The slow reading of all files, to find those whose bytes are not what was stored. */
  public record Scrub(
      @Setting(
              doc =
                  "How much is read of each device in a second, a file counting for 128k at"
                      + " least; 0 for no scrub.",
              byDefault = "10m",
              min = 0)
          long rateBytes,
      @Setting(doc = "In what time a device is read once at most.", byDefault = "1d", min = 100)
          Duration every) {}

  public Path docroot() {
    return storage.docroot();
  }

  public Durability durability() {
    return storage.durability();
  }

  public Quarantine quarantine() {
    return care.quarantine();
  }

  public Scrub scrub() {
    return care.scrub();
  }

  public Address httpListen() {
    return http.listen();
  }

  public Address sideListen() {
    return side.listen();
  }
}
