package io.hayloft.node;

import java.util.ArrayList;
import java.util.List;

/**
 * What this process can hold at a time. Settings say what it may; its memory and its limit of open
 * files say what it can, and to find that out under load would be to fail there.
 *
 * <h2>Files</h2>
 *
 * A connection is one, and a request that is not a plain read has another open; plain reads share
 * those that are kept open. These are worth least and get a quarter at most, requests a third of
 * the rest, connections what is left. Where nobody says how many to keep open, it is as many as
 * connections and requests have no use for.
 *
 * <h2>Memory</h2>
 *
 * A connection takes up to 8 KiB of the heap, a request that is not a plain read up to 16 KiB; half
 * and a quarter of the heap may go there, and a sixteenth to open files at 1 KiB each. Buffers
 * between network and disk take half of the memory that buffers may have, small files that are read
 * again and again a quarter of the heap's limit, outside of the heap.
 *
 * @param connections served at a time
 * @param requests under way at a time, plain reads not counted
 * @param uploads under way at a time
 * @param openFiles kept open because they were read lately
 * @param bufferBytes in buffers before requests are refused
 * @param hotBytes of small files kept in memory
 */
record Capacity(
    int connections, int requests, int uploads, int openFiles, long bufferBytes, long hotBytes) {

  private static final long OF_CONNECTION = 8 << 10;
  private static final long OF_REQUEST = 16 << 10;
  private static final long OF_OPEN_FILE = 1 << 10;
  private static final long FEWEST = 8;

  /** Kept open where nobody says how many. */
  private static final long USUAL_OPEN_FILES = 4_096;

  private static final long MOST_OPEN_FILES = 65_536;

  /** For directories, temporary files, the side channel, sources of copies, the log. */
  private static final long SPARE_FILES = 64;

  /**
   * What the process has.
   *
   * @param heapBytes the most the heap may take
   * @param directBytes the most that buffers may take
   * @param files how many more files it may open
   */
  record Means(long heapBytes, long directBytes, long files) {}

  static Capacity of(StorageNodeConfig config, Means means) {
    long files = means.files() - SPARE_FILES;
    var bounds = config.http().bounds();
    long openFiles =
        Math.min(
            config.limits().openFiles().map(Long::valueOf).orElse(openFiles(bounds, means, files)),
            Math.max(0, files / 4));
    long rest = files - openFiles;
    long requests = least(bounds.maxRequests(), means.heapBytes() / 4 / OF_REQUEST, rest / 3);
    // A ninth is for those that are accepted to be refused; see Connections.
    long connections =
        least(
            bounds.maxConnections(),
            means.heapBytes() / 2 / OF_CONNECTION,
            (rest - requests) * 8 / 9);
    return new Capacity(
        (int) connections,
        (int) requests,
        (int) Math.min(config.limits().uploads(), requests),
        (int) openFiles,
        Math.min(bounds.bufferBytes(), means.directBytes() / 2),
        Math.min(config.http().hotBytes(), means.heapBytes() / 4));
  }

  /** How many are kept open where nobody says it. */
  private static long openFiles(StorageNodeConfig.Bounds bounds, Means means, long files) {
    long spare = files - bounds.maxRequests() - bounds.maxConnections() * 9L / 8;
    return Math.min(
        Math.clamp(spare, USUAL_OPEN_FILES, MOST_OPEN_FILES),
        means.heapBytes() / 16 / OF_OPEN_FILE);
  }

  private static long least(long wanted, long byMemory, long byFiles) {
    return Math.min(wanted, Math.max(FEWEST, Math.min(byMemory, byFiles)));
  }

  /** What is lower than the settings say, in words; empty when nothing is. */
  List<String> lowered(StorageNodeConfig config) {
    var bounds = config.http().bounds();
    var lowered = new ArrayList<String>();
    tell(lowered, "http.max_connections", bounds.maxConnections(), connections);
    tell(lowered, "http.max_requests", bounds.maxRequests(), requests);
    tell(lowered, "limits.uploads", config.limits().uploads(), uploads);
    config
        .limits()
        .openFiles()
        .ifPresent(wanted -> tell(lowered, "limits.open_files", wanted, openFiles));
    return lowered;
  }

  private static void tell(List<String> lowered, String key, long wanted, long possible) {
    if (possible < wanted) {
      lowered.add(key + " from " + wanted + " to " + possible);
    }
  }
}
