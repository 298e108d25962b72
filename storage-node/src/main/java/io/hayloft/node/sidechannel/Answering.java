package io.hayloft.node.sidechannel;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.device.Utilization;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What side channel requests are answered from.
 *
 * @param shutdown ends the daemon, giving requests under way so long
 */
public record Answering(
    BlobStore store,
    Digests digests,
    Utilization utilization,
    Time time,
    Consumer<Duration> shutdown) {

  /** Between two samples of the utilization, as iostat's were. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  void pause() throws InterruptedException {
    time.sleep(PAUSE);
  }
}
