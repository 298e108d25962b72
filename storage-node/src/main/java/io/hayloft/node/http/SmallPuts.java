package io.hayloft.node.http;

import io.hayloft.node.blob.WholeFiles;
import io.hayloft.node.blob.WholeFiles.WholeFile;
import io.hayloft.protocol.DeviceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has small files stored that have come whole, by few threads for each disk: who finds one at work
 * leaves its file there and wakes nobody. Where files are made durable, those that have come while
 * others were synced go together and share the syncs.
 */
final class SmallPuts {

  private static final Logger log = LoggerFactory.getLogger(SmallPuts.class);

  /** Files that are made durable together. */
  private static final int DURABLE_TOGETHER = 16;

  /**
   * Others that are answered together, if they have come: clients, and then the network's thread,
   * are woken once for them.
   */
  private static final int TOGETHER = 8;

  /** Threads for each disk where they wait for it: one syncs while another writes. */
  private static final int WAITING_THREADS = 2;

  private final Disks disks;
  private final WholeFiles files;
  private final int together;
  private final int threads;
  private final long lingerNanos;
  private final Map<DeviceId, Line> lines = new ConcurrentHashMap<>();

  /** How long a thread waits for the next file: to wake it costs less than to wake another. */
  private static final Duration LINGER = Duration.ofMillis(10);

  /** One file of somebody. */
  interface Put {
    WholeFile file();

    /** A thread takes it in hand. */
    void begins();

    /** It has an outcome, or none if something unforeseen has come between. */
    void ended(boolean hasOutcome);
  }

  private static final class Line {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hasMore = lock.newCondition();
    private final ArrayDeque<Put> waiting = new ArrayDeque<>();
    private int threads;

    /** Of these: how many have nothing to do. */
    private int lingering;
  }

  SmallPuts(Disks disks) {
    this(disks, LINGER);
  }

  SmallPuts(Disks disks, Duration linger) {
    this.disks = disks;
    this.lingerNanos = linger.toNanos();
    this.files = disks.store().wholeFiles();
    boolean waits = disks.store().waitsForDisk();
    this.together = waits ? DURABLE_TOGETHER : TOGETHER;
    this.threads =
        waits ? WAITING_THREADS : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /** Has it stored soon; false when the device is not known or too much waits for it. */
  boolean offer(Put put) {
    var device = put.file().path().device();
    var line = lines.get(device);
    if (line == null) {
      if (!disks.isKnown().test(device)) {
        return false;
      }
      line = lines.computeIfAbsent(device, _ -> new Line());
    }
    line.lock.lock();
    try {
      if (line.waiting.size() >= disks.lanes().line()) {
        return false;
      }
      if (line.lingering > line.waiting.size()) {
        line.waiting.add(put);
        line.hasMore.signal();
        return true;
      }
      if (line.threads == threads) {
        line.waiting.add(put);
        return true;
      }
      line.threads++;
    } finally {
      line.lock.unlock();
    }
    return start(device, line, put);
  }

  private boolean start(DeviceId device, Line line, Put put) {
    boolean started = false;
    try {
      started = disks.lanes().offerInTurns(device, () -> work(device, line, put));
    } catch (RejectedExecutionException stopping) {
      log.debug("{} comes too late", put.file().path(), stopping);
    } finally {
      if (!started) {
        leave(line);
      }
    }
    return started;
  }

  /** What others have left to a thread that could not be had is theirs no more. */
  private void leave(Line line) {
    var left = new ArrayList<Put>();
    line.lock.lock();
    try {
      line.threads--;
      while (line.threads == 0 && !line.waiting.isEmpty()) {
        left.add(line.waiting.remove());
      }
    } finally {
      line.lock.unlock();
    }
    end(left, false);
  }

  private void work(DeviceId device, Line line, Put first) {
    boolean hasLeft = false;
    try {
      for (var next = with(line, first); !next.isEmpty(); next = next(device, line)) {
        var batch = next;
        disks.lanes().turn(device, () -> store(batch));
      }
      hasLeft = true;
    } finally {
      files.rest();
      if (!hasLeft) {
        leave(line);
      }
    }
  }

  private List<Put> with(Line line, Put first) {
    var batch = new ArrayList<Put>();
    batch.add(first);
    line.lock.lock();
    try {
      fill(line, batch);
    } finally {
      line.lock.unlock();
    }
    return batch;
  }

  /** Empty when the thread is to leave. */
  private List<Put> next(DeviceId device, Line line) {
    var batch = new ArrayList<Put>();
    line.lock.lock();
    try {
      if (line.waiting.isEmpty()) {
        disks.lanes().rest(device, () -> linger(line));
      }
      fill(line, batch);
      if (batch.isEmpty()) {
        line.threads--;
      }
    } finally {
      line.lock.unlock();
    }
    return batch;
  }

  /** Until there is something for one of those that linger, or long enough. */
  private void linger(Line line) {
    line.lingering++;
    try {
      long left = lingerNanos;
      while (line.waiting.isEmpty() && left > 0) {
        left = line.hasMore.awaitNanos(left);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      line.lingering--;
    }
  }

  private void fill(Line line, List<Put> batch) {
    while (batch.size() < together && !line.waiting.isEmpty()) {
      batch.add(line.waiting.remove());
    }
  }

  private void store(List<Put> batch) {
    boolean foreseen = false;
    try {
      batch.forEach(Put::begins);
      files.store(batch.stream().map(Put::file).toList());
      foreseen = true;
    } catch (RuntimeException e) {
      log.error("{} failed in a way that was not foreseen", batch.getFirst().file().path(), e);
    } finally {
      end(batch, foreseen);
    }
  }

  /** What goes wrong with one is nothing to the others. */
  private static void end(List<Put> batch, boolean foreseen) {
    for (var put : batch) {
      try {
        put.ended(foreseen);
      } catch (RuntimeException e) {
        log.error("{} was not answered", put.file().path(), e);
      }
    }
  }
}
