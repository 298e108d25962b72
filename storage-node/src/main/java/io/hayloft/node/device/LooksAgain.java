package io.hayloft.node.device;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.blob.OpenBlobs.Entry;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares the files that are open and in use with what is on the disks, so that requests need not:
 * thousands of looks one after the other cost a fraction of one look in each of thousands of
 * requests. Each disk is looked at on a lane of its own; one that hangs keeps its files from being
 * trusted, and no others.
 */
public final class LooksAgain implements Worker {

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final OpenBlobs openBlobs;
  private final BlobStore store;
  private final DiskLanes lanes;

  public LooksAgain(OpenBlobs openBlobs, BlobStore store, DiskLanes lanes) {
    this.openBlobs = openBlobs;
    this.store = store;
    this.lanes = lanes;
  }

  @Override
  public Pace step() {
    openBlobs.due().stream()
        .collect(Collectors.groupingBy(entry -> entry.path().device()))
        .forEach(
            (device, entries) -> {
              if (!lanes.offer(device, () -> look(device, entries))) {
                entries.forEach(Entry::looked);
              }
            });
    return Pace.rest(PAUSE);
  }

  private void look(DeviceId device, List<Entry> entries) {
    try {
      store.lookAgain(device, entries);
    } finally {
      entries.forEach(Entry::looked);
    }
  }
}
