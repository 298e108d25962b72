package io.hayloft.node;

import io.hayloft.node.blob.Durability;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.config.Setting;
import io.hayloft.runtime.config.Ungrouped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

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
        new Http(httpListen, Bounds.usual(maxConnections), 8 << 20, true, false, Tls.NONE),
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

  /** The same with another port for files. */
  public StorageNodeConfig with(Http other) {
    return new StorageNodeConfig(other, side, storage, usage, limits, care);
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
      @Ungrouped Bounds bounds,
      @Setting(
              doc =
                  "How much memory may hold the bytes of small files that are read again and again;"
                      + " a quarter of the heap's limit at most.",
              byDefault = "96m",
              min = 0)
          long hotBytes,
      @Setting(
              doc =
                  "Whether plain reads go past the HTTP server's parser, and large bodies leave by"
                      + " sendfile. Off, all requests go the long way, with the same answers: to"
                      + " find out whether a fault lies there.",
              byDefault = "yes")
          boolean fastPath,
      @Setting(
              doc =
                  "Whether HTTP/2 is spoken as well: in clear (h2c) and, where there is TLS, over"
                      + " it.",
              byDefault = "no")
          boolean http2,
      Tls tls) {

    public int maxConnections() {
      return bounds.maxConnections();
    }

    /** The same with the fast path open or not. */
    public Http withFastPath(boolean open) {
      return new Http(listen, bounds, hotBytes, open, http2, tls);
    }

    /** The same with so much memory for small files. */
    public Http withHotBytes(long other) {
      return new Http(listen, bounds, other, fastPath, http2, tls);
    }

    /** The same with other protocols. */
    public Http with(boolean otherHttp2, Tls other) {
      return new Http(listen, bounds, hotBytes, fastPath, otherHttp2, other);
    }
  }

  /** A second port, on which the same files are served over TLS. */
  public record Tls(
      @Setting(doc = "Where files are served over HTTPS as well; nowhere where it is not set.")
          Optional<Address> listen,
      @Setting(doc = "The key store (PKCS12 or JKS) with the node's key and certificate.")
          Optional<Path> keyStore,
      @Setting(doc = "A file of which the first line is the key store's password.")
          Optional<Path> passwordFile) {

    static final Tls NONE = new Tls(Optional.empty(), Optional.empty(), Optional.empty());

    public Tls {
      if (listen.isPresent() && (keyStore.isEmpty() || passwordFile.isEmpty())) {
        throw new IllegalArgumentException(
            "http.tls.listen needs http.tls.key_store and http.tls.password_file");
      }
    }
  }

  /**
   * How much is taken in hand at a time. All of it is lower where the process has not the memory or
   * may not open the files.
   */
  public record Bounds(
      @Setting(
              doc =
                  "How many HTTP connections are served at a time; some more are answered 503,"
                      + " others wait in the kernel.",
              byDefault = "10000",
              min = 1)
          int maxConnections,
      @Setting(
              doc =
                  "How many requests that are not plain reads may be under way at a time; more are"
                      + " answered 503.",
              byDefault = "4096",
              min = 1)
          int maxRequests,
      @Setting(
              doc =
                  "How much memory may hold bytes between network and disk before requests are"
                      + " answered 503; half of the JVM's limit for buffers at most.",
              byDefault = "256m",
              min = 1 << 20)
          long bufferBytes,
      @Setting(
              doc =
                  "A client that sends or takes fewer bytes a second for as long as the idle"
                      + " timeout is cut off; 0 for none.",
              byDefault = "1k",
              min = 0)
          long minRateBytes) {

    static Bounds usual(int maxConnections) {
      return new Bounds(maxConnections, 1_000, 64 << 20, 1 << 10);
    }
  }

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
              doc =
                  "How many files are kept open because they were read lately; a quarter of those"
                      + " that the process may open (ulimit -n) at most, 0 to keep none, in memory"
                      + " neither. Where it is not set, 4096, or as many as its connections and"
                      + " requests leave over, up to 65536.",
              min = 0)
          Optional<Integer> openFiles) {

    /** So many files are kept open, whatever the process may open. */
    public Limits(
        Duration usageInterval,
        Duration idleTimeout,
        Duration sideIdleTimeout,
        int uploads,
        int diskQueue,
        int openFiles) {
      this(usageInterval, idleTimeout, sideIdleTimeout, uploads, diskQueue, Optional.of(openFiles));
    }
  }

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
