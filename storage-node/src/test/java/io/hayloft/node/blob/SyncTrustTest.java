package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After one failed sync no other is believed, until the disk has passed a check. */
class SyncTrustTest {

  private static final DeviceId DEVICE = new DeviceId(1);
  private static final BlobPath FILE = new BlobPath(DEVICE, "/dev1/0/000/001/0000001234.fid");

  @TempDir Path root;
  private Docroot docroot;
  private volatile SyncTrust.Act act = FileChannel::force;

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    docroot = new Docroot(root);
  }

  private SyncTrust trust() {
    return new SyncTrust(
        docroot, new SyncTrial(new Random(1)), (channel, metadata) -> act.sync(channel, metadata));
  }

  private BlobStore store(Durability durability, SyncTrust trust) {
    return new BlobStore(
        docroot,
        new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1)),
        new OpenBlobs(10, Time.system()),
        Time.system(),
        new TempFiles(docroot, new MountGuard(docroot), new Random(1)),
        new Directories(docroot, durability, DirectorySync.onDisk(trust), trust));
  }

  private static void put(BlobStore store, String content) throws DiskException {
    try (var upload = store.upload(FILE, false).orElseThrow()) {
      upload.write(ByteBuffer.wrap(content.getBytes(US_ASCII)));
      upload.commit();
    }
  }

  private static void fail(FileChannel channel, boolean metadata) throws IOException {
    throw new IOException("Input/output error");
  }

  @Test
  void afterOneFailureNothingIsAcknowledgedUntilACheckWasPassed() throws IOException {
    var store = store(Durability.FULL, trust());
    put(store, "before");
    act = SyncTrustTest::fail;
    assertThatThrownBy(() -> put(store, "x")).hasMessageContaining("Input/output error");
    act = FileChannel::force;

    assertThatThrownBy(() -> put(store, "y"))
        .isInstanceOfSatisfying(
            DiskException.class,
            e -> assertThat(e.code()).isEqualTo(DiskException.Code.DISTRUSTED));
    assertThatThrownBy(() -> store.delete(FILE)).isInstanceOf(DiskException.class);
    assertThat(docroot.file(FILE)).hasContent("before");

    store.check(DEVICE);
    put(store, "after");
    assertThat(docroot.file(FILE)).hasContent("after");
    assertThat(docroot.device(DEVICE).toFile().list())
        .containsExactlyInAnyOrder("0", ".hayloft-tmp");
  }

  @Test
  void aFileThatIsClosedUnderASyncTellsNothingOfItsDisk() throws IOException {
    var trust = trust();
    act =
        (_, _) -> {
          throw new ClosedChannelException();
        };
    try (var file = FileChannel.open(docroot.device(DEVICE))) {
      assertThatThrownBy(() -> trust.sync(DEVICE, file, true))
          .isInstanceOf(ClosedChannelException.class);
    }
    assertThat(trust.distrust(DEVICE)).isEmpty();
  }

  @Test
  void aDiskIsCheckedOnceAtATime() throws IOException {
    var trust = trust();
    var refusals = new ArrayList<Throwable>();
    act =
        (channel, metadata) -> {
          refusals.add(catchThrowable(() -> trust.check(DEVICE)));
          channel.force(metadata);
        };

    trust.check(DEVICE);

    assertThat(refusals)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each).hasMessage("dev1 is being checked already"));
    act = FileChannel::force;
    trust.check(DEVICE);
  }

  @Test
  void whoseBytesAreSyncedWhileAnotherFailsIsNotAcknowledged() throws IOException {
    var trust = trust();
    var store = store(Durability.FULL, trust);
    try (var upload = store.upload(FILE, false).orElseThrow()) {
      act =
          (_, _) -> {
            act = SyncTrustTest::fail;
            assertThatIOException()
                .isThrownBy(
                    () -> {
                      try (var other = FileChannel.open(docroot.device(DEVICE))) {
                        trust.sync(DEVICE, other, true);
                      }
                    });
            act = FileChannel::force;
          };

      assertThatThrownBy(upload::commit).hasMessageContaining("takes no changes");
    }
    assertThat(docroot.file(FILE)).doesNotExist();
  }

  /** The second sync of the directory succeeds, but the first was to write the same block. */
  @Test
  void whoSharesTheSyncAfterAFailedOneIsNotAcknowledgedEither() throws IOException {
    var begun = new AtomicInteger();
    var mayFail = new Semaphore(0);
    var acknowledged = new AtomicInteger();
    var refused = new AtomicInteger();
    act =
        (_, _) -> {
          if (begun.getAndIncrement() == 0) {
            mayFail.acquireUninterruptibly();
            throw new IOException("Input/output error");
          }
        };
    var sync = DirectorySync.onDisk(trust());
    Tasks.Body caller =
        () -> {
          try {
            sync.sync(DEVICE, docroot.device(DEVICE));
            acknowledged.incrementAndGet();
          } catch (IOException e) {
            refused.incrementAndGet();
          }
        };
    try (var tasks = Tasks.virtual()) {
      tasks.start("first", caller);
      await().untilAtomic(begun, Matchers.is(1));
      for (int i = 0; i < 5; i++) {
        tasks.start("next", caller);
      }
      mayFail.release();
      await().untilAtomic(refused, Matchers.is(6));
    }
    assertThat(begun.get()).isGreaterThan(1);
    assertThat(acknowledged).hasValue(0);
  }

  @Test
  void theNextProcessKnowsOfTheFailureAndChecksBeforeItWrites() throws IOException {
    act = SyncTrustTest::fail;
    var first = store(Durability.FULL, trust());
    assertThatThrownBy(() -> put(first, "x")).isInstanceOf(DiskException.class);

    var second = store(Durability.FULL, trust());
    second.cleanUp(DEVICE);
    assertThat(second.trust().distrust(DEVICE).orElseThrow()).contains("Input/output error");
    act = FileChannel::force;
    assertThatThrownBy(() -> put(second, "x")).hasMessageContaining("takes no changes");

    var third = store(Durability.FULL, trust());
    assertThatThrownBy(() -> put(third, "x")).hasMessageContaining("takes no changes");
    third.cleanUp(DEVICE);
    put(third, "y");
    assertThat(docroot.file(FILE)).hasContent("y");
  }

  @Test
  void aDiskThatReadsBackOtherBytesThanItSyncedDoesNotPass() throws IOException {
    var trust = trust();
    act =
        (channel, metadata) -> {
          channel.force(metadata);
          if (channel.size() == 256 << 10) {
            channel.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 0}), 200_000);
          }
        };

    assertThatThrownBy(() -> trust.check(DEVICE)).hasMessageContaining("reads back differently");
    assertThat(trust.distrust(DEVICE).orElseThrow()).contains("reads back differently");
    assertThat(docroot.device(DEVICE).toFile().list()).containsExactly(SyncTrust.MARKER);
  }

  @Test
  void aFailureAmidACheckVoidsIt() throws IOException {
    var trust = trust();
    act = SyncTrustTest::fail;
    assertThatIOException().isThrownBy(() -> syncDevice(trust));
    var failed = new AtomicInteger();
    act =
        (channel, metadata) -> {
          if (failed.getAndIncrement() == 0) {
            act = SyncTrustTest::fail;
            assertThatIOException().isThrownBy(() -> syncDevice(trust));
            act = FileChannel::force;
          }
          channel.force(metadata);
        };

    assertThatThrownBy(() -> trust.check(DEVICE)).hasMessageContaining("while it was checked");
    assertThat(trust.distrust(DEVICE)).isPresent();
    trust.check(DEVICE);
    assertThat(trust.distrust(DEVICE)).isEmpty();
  }

  private void syncDevice(SyncTrust trust) throws IOException {
    try (var directory = FileChannel.open(docroot.device(DEVICE))) {
      trust.sync(DEVICE, directory, true);
    }
  }

  @Test
  void whoPromisesNothingIsNotStopped() throws IOException {
    var trust = trust();
    act = SyncTrustTest::fail;
    assertThatIOException().isThrownBy(() -> syncDevice(trust));

    put(store(Durability.NONE, trust), "x");
    assertThatThrownBy(() -> put(store(Durability.DATA, trust), "y"))
        .hasMessageContaining("takes no changes");
    assertThat(docroot.file(FILE)).hasContent("x");
  }
}
