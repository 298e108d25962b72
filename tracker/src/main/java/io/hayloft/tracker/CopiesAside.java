package io.hayloft.tracker;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.command.DurableCopies;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.server.RequestQueue;
import io.hayloft.tracker.work.replicate.CopyWaits;
import java.time.Duration;

/** Has requests wait for copies beside the queue, where they hold up no others. */
record CopiesAside(CopyWaits waits, RequestQueue queue) implements DurableCopies {

  @Override
  public Waited await(StoredFile file, DeviceId on, int copies, Duration limit)
      throws InterruptedException {
    int most = waits.attainable(file, on);
    if (most < copies) {
      return new Waited.Unattainable(most);
    }
    int there = queue.aside(() -> waits.await(file.fid(), copies, limit));
    return there >= copies ? new Waited.Enough() : new Waited.TooFew(there);
  }
}
