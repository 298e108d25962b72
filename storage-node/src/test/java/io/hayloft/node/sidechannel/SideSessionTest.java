package io.hayloft.node.sidechannel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.Durability;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.device.Devices;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.Utilization;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.ManualTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideSessionTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualTime time = ManualTime.start();

  /** A client that nothing reaches before it asks for it. */
  private static final class SlowClient extends OutputStream {

    private final SynchronousQueue<String> sent = new SynchronousQueue<>();

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      try {
        sent.put(new String(bytes, US_ASCII));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }

  @Test
  void aWatcherThatReadsSlowlyMissesSamples(@TempDir Path root) throws Exception {
    var client = new SlowClient();
    try (var tasks = Tasks.virtual()) {
      var session =
          new SideSession(
              new ByteArrayInputStream("watch\n".getBytes(US_ASCII)),
              client,
              answering(root, tasks));
      var _ = tasks.start("watch", () -> run(session));
      time.awaitWaiting(1);
      time.advance(Duration.ofSeconds(1));
      await().until(() -> !time.advanceToNext());

      time.advance(HOUR);

      assertThat(client.sent.poll(10, TimeUnit.SECONDS)).isEqualTo(".\n");
      time.awaitWaiting(1);
      assertThat(client.sent.poll()).isNull();
    }
  }

  private static void run(SideSession session) throws InterruptedException {
    try {
      session.run();
    } catch (InterruptedIOException atTheEnd) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a node without any device. */
  private Answering answering(Path root, Tasks tasks) {
    var docroot = new Docroot(root);
    var mounts = new MountGuard(docroot);
    var openBlobs = new OpenBlobs(10, time);
    var identities = new DeviceIdentities(docroot, mounts, new Random(1));
    var store = new BlobStore(docroot, identities, Durability.NONE, openBlobs, time, new Random(1));
    var places =
        new Devices.Places(
            docroot,
            identities,
            store.trust(),
            device -> Optional.empty(),
            openBlobs,
            device -> {});
    var devices = new Devices(places, new DiskComplaints(time), tasks, time, HOUR);
    return new Answering(
        store, new Digests(store), new Utilization(devices, docroot, time), time, grace -> {});
  }
}
