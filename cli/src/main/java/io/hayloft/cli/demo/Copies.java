package io.hayloft.cli.demo;

import io.hayloft.cli.console.Progress;
import io.hayloft.cli.demo.Store.Stored;
import io.hayloft.client.FileInfo;
import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Waits until files have their copies. */
final class Copies {

  static final int WANTED = 2;

  private static final int PAGE = 500;

  /** How far to look beyond files that still wait: what comes behind them waits too, mostly. */
  private static final int WAITING_AT_ONCE = 2000;

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Time time;
  private final Lanes lanes;

  /** Given up when nothing changes for so long. */
  private final Duration patience;

  Copies(Time time, Lanes lanes, Duration patience) {
    this.time = time;
    this.lanes = lanes;
    this.patience = patience;
  }

  /**
   * Waits until every file of the cluster has its copies, by the trackers' count, in the order of
   * fids: what has them is not looked at again.
   *
   * @return how many lack copies when patience ended; 0 when none does
   */
  long awaitCounted(HayloftAdmin admin, long files, Progress bar)
      throws HayloftException, InterruptedException {
    long done = 0;
    long behind = 0;
    long best = -1;
    long lastChange = time.nanoTime();
    while (done < files) {
      long after = behind;
      long waiting = 0;
      long complete = done;
      while (waiting < WAITING_AT_ONCE) {
        var page = admin.files(after, PAGE);
        for (var file : page) {
          boolean copied = file.copies().count() >= WANTED;
          if (copied && waiting == 0) {
            behind = file.fid().value();
            done++;
          }
          waiting += copied ? 0 : 1;
          complete += copied ? 1 : 0;
          after = file.fid().value();
        }
        if (page.size() < PAGE) {
          break;
        }
      }
      bar.itemsAre(complete);
      if (complete > best) {
        best = complete;
        lastChange = time.nanoTime();
      } else if (time.since(lastChange).compareTo(patience) > 0) {
        return files - complete;
      }
      if (done < files) {
        time.sleep(PAUSE);
      }
    }
    return 0;
  }

  /**
   * Waits until each of these files has its copies on devices that are not among the dead ones.
   *
   * @return how many had a copy on a dead device at the start, and how many still lack copies
   */
  Healing awaitHealed(Hayloft client, List<Stored> files, Set<DeviceId> dead, Progress bar)
      throws InterruptedException {
    var waiting = lacking(client, files, dead);
    long affected = waiting.size();
    long whole = files.size() - affected;
    long best = whole;
    long lastChange = time.nanoTime();
    while (!waiting.isEmpty()) {
      bar.itemsAre(files.size() - waiting.size());
      time.sleep(PAUSE);
      int part = Math.min(waiting.size(), WAITING_AT_ONCE);
      var still = lacking(client, waiting.subList(0, part), dead);
      var rest = waiting.subList(part, waiting.size());
      waiting = new ArrayList<>(still);
      waiting.addAll(rest);
      long now = (long) files.size() - waiting.size();
      if (now > best) {
        best = now;
        lastChange = time.nanoTime();
      } else if (time.since(lastChange).compareTo(patience) > 0) {
        break;
      }
    }
    bar.itemsAre(files.size() - waiting.size());
    return new Healing(affected, waiting.size());
  }

  /** What came of the waiting. */
  record Healing(long affected, long lacking) {}

  private List<Stored> lacking(Hayloft client, List<Stored> files, Set<DeviceId> dead)
      throws InterruptedException {
    Set<Stored> lacking = ConcurrentHashMap.newKeySet();
    try {
      lanes.forEach(
          files,
          file -> {
            if (!isWhole(client, file, dead)) {
              lacking.add(file);
            }
          });
    } catch (UncheckedIOException e) {
      return files; // the tracker is busy: ask again
    }
    return files.stream().filter(lacking::contains).toList();
  }

  private static boolean isWhole(Hayloft client, Stored file, Set<DeviceId> dead) {
    try {
      return client
          .info(file.item().key())
          .map(FileInfo::copies)
          .map(
              copies ->
                  copies.devices().stream().filter(each -> !dead.contains(each)).count() >= WANTED
                      && copies.count() >= WANTED)
          .orElse(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
