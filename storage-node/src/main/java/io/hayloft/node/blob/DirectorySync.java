package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes of directories durable, sharing the work: those who ask for one directory while a
 * sync of it is under way are served together by the next, which one of them carries out. There is
 * no timer, so a lone caller waits for its own sync only.
 */
final class DirectorySync {

  /** The act itself, so that a test can count and fail it. */
  @FunctionalInterface
  interface Act {
    void sync(DeviceId device, Path directory) throws IOException;
  }

  /** One sync and those whom it serves. */
  private static final class Round {
    private boolean done;
    private @Nullable IOException failure;
  }

  private static final class Queue {
    private final Condition changed;
    private int callers;
    private boolean busy;
    private @Nullable Round next;

    Queue(Condition changed) {
      this.changed = changed;
    }
  }

  private final Act act;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Queue> queues = new HashMap<>();

  DirectorySync(Act act) {
    this.act = act;
  }

  /**
   * Syncs by opening the directory and forcing it, which Linux allows. That a round failed is known
   * before the next begins, so none can take the disk's word for what the one before was to write.
   */
  static DirectorySync onDisk(SyncTrust trust) {
    return new DirectorySync(
        (device, directory) -> {
          try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            trust.sync(device, channel, true);
          }
          trust.admit(device);
        });
  }

  /** Returns when every change made to the directory before the call is on the disk. */
  void sync(DeviceId device, Path directory) throws IOException {
    lock.lock();
    try {
      var queue = queues.computeIfAbsent(directory, _ -> new Queue(lock.newCondition()));
      queue.callers++;
      try {
        takePart(device, directory, queue);
      } finally {
        queue.callers--;
        if (queue.callers == 0) {
          queues.remove(directory);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void takePart(DeviceId device, Path directory, Queue queue) throws IOException {
    if (queue.next == null) {
      queue.next = new Round();
    }
    var mine = queue.next;
    while (!mine.done) {
      if (queue.busy) {
        queue.changed.awaitUninterruptibly();
      } else {
        lead(device, directory, queue, mine);
      }
    }
    if (mine.failure != null) {
      throw new IOException(mine.failure.getMessage(), mine.failure);
    }
  }

  /** Carries out a round, without the lock while the disk works. */
  private void lead(DeviceId device, Path directory, Queue queue, Round round) {
    queue.busy = true;
    queue.next = null;
    lock.unlock();
    // Stays when something unforeseen is thrown: the others must not take that for success.
    @Nullable IOException failure = new IOException("the sync was not carried out");
    try {
      act.sync(device, directory);
      failure = null;
    } catch (IOException e) {
      failure = e;
    } finally {
      lock.lock();
      queue.busy = false;
      round.done = true;
      round.failure = failure;
      queue.changed.signalAll();
    }
  }
}
