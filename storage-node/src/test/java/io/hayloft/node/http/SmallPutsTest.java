package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.OpenDescriptors;
import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.Durability;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.blob.WholeFiles.WholeFile;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of one upload, the others are stored, and none is left waiting for ever. */
class SmallPutsTest {

  private static final DeviceId DEVICE = new DeviceId(1);
  private static final int LINE = 8;

  @TempDir Path root;
  private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final List<Runnable> threads = new ArrayList<>();
  private boolean refusesThreads;
  private DiskLanes lanes;
  private Disks disks;
  private SmallPuts puts;

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    serve(Durability.FULL);
  }

  private void serve(Durability durability) throws IOException {
    var docroot = new Docroot(root);
    var openBlobs = new OpenBlobs(10, Time.system());
    var store =
        new BlobStore(
            docroot,
            new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1)),
            durability,
            openBlobs,
            Time.system(),
            new Random(1));
    lanes = new DiskLanes(this::execute, 4, LINE);
    disks =
        new Disks(
            docroot, store, openBlobs, lanes, new DiskComplaints(Time.system()), DEVICE::equals);
    puts = new SmallPuts(disks, Duration.ZERO);
  }

  private void execute(Runnable work) {
    if (refusesThreads) {
      throw new RejectedExecutionException("stopping");
    }
    threads.add(work);
  }

  /** Lets what was begun go on, in the order in which it was begun. */
  private void goOn() {
    while (!threads.isEmpty()) {
      try {
        threads.removeFirst().run();
      } catch (Error e) {
        thrown.add(e);
      }
    }
  }

  private class OnePut implements SmallPuts.Put {
    private final WholeFile file;
    private final Runnable atEnd;

    OnePut(String name, Runnable atEnd) {
      this.file = new WholeFile(BlobPath.of(DEVICE, name), ByteBuffer.allocateDirect(3));
      this.atEnd = atEnd;
    }

    @Override
    public WholeFile file() {
      return file;
    }

    @Override
    public void begins() {}

    @Override
    public void ended(boolean hasOutcome) {
      var name = file.path().text().substring("/dev1/".length());
      ended.add(hasOutcome ? name : name + " is given up");
      atEnd.run();
    }
  }

  private boolean offer(String name) {
    return offer(name, () -> {});
  }

  private boolean offer(String name, Runnable atEnd) {
    return puts.offer(new OnePut(name, atEnd));
  }

  private boolean hasDeviceOpen() {
    return OpenDescriptors.leadTo(root.resolve("dev1"));
  }

  @Test
  void aThreadThatHasNothingToDoKeepsNoDirectoryOpen() throws IOException {
    serve(Durability.NONE);
    var open = new ArrayList<Boolean>();
    for (var name : List.of("a", "b")) {
      assertThat(offer(name, () -> open.add(hasDeviceOpen()))).isTrue();
      goOn();
    }

    assertThat(ended).containsExactly("a", "b");
    assertThat(open).endsWith(true);
    assertThat(hasDeviceOpen()).isFalse();
  }

  @Test
  void filesThatNeedNotBeDurableAreAnsweredTogetherToo() throws IOException {
    serve(Durability.NONE);
    var there = new ArrayList<Boolean>();
    for (int i = 0; i < 6; i++) {
      assertThat(offer("f" + i, () -> there.add(Files.exists(root.resolve("dev1/f5"))))).isTrue();
    }
    goOn();

    assertThat(ended).containsExactlyInAnyOrder("f0", "f1", "f2", "f3", "f4", "f5");
    assertThat(there).containsOnly(true);
  }

  @Test
  void whatHasComeMeanwhileIsStoredByTheThreadsThatAreThere() {
    for (int i = 0; i < 6; i++) {
      assertThat(offer("file" + i)).isTrue();
    }
    assertThat(threads).hasSize(2);

    goOn();

    assertThat(ended)
        .containsExactlyInAnyOrder("file0", "file1", "file2", "file3", "file4", "file5");
    assertThat(offer("next")).isTrue();
    assertThat(threads).hasSize(1);
  }

  /** To wake one that waits costs less than to wake another, and the disk is quiet meanwhile. */
  @Test
  void aThreadWithNothingToDoWaitsForTheNextFile() throws InterruptedException {
    puts = new SmallPuts(disks, Duration.ofMinutes(1));
    offer("first");
    var thread = Thread.ofPlatform().start(threads.removeFirst());
    await().untilAsserted(() -> assertThat(ended).containsExactly("first"));
    await().untilAsserted(() -> assertThat(lanes.isQuiet(DEVICE, 0)).isTrue());

    for (var name : List.of("second", "third")) {
      offer(name);
      await().untilAsserted(() -> assertThat(ended).endsWith(name));
      await().untilAsserted(() -> assertThat(lanes.isQuiet(DEVICE, 0)).isTrue());
    }

    assertThat(threads).isEmpty();
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    offer("last");
    assertThat(threads).hasSize(1);
  }

  @Test
  void whatTheLineHasNoRoomForAndWhatNobodyKnowsIsNotTaken() {
    for (int i = 0; i < 2 + LINE; i++) {
      assertThat(offer("file" + i)).isTrue();
    }
    assertThat(offer("more")).isFalse();
    assertThat(
            puts.offer(
                new OnePut("x", () -> {}) {
                  @Override
                  public WholeFile file() {
                    return new WholeFile(BlobPath.of(new DeviceId(7), "x"), ByteBuffer.allocate(1));
                  }
                }))
        .isFalse();

    goOn();

    assertThat(ended).hasSize(2 + LINE).doesNotContain("more");
    assertThat(offer("more")).isTrue();
  }

  @Test
  void anAnswerThatGoesWrongKeepsNoOtherFromItsOwn() {
    offer(
        "bad",
        () -> {
          throw new IllegalStateException("on purpose");
        });
    for (int i = 0; i < 4; i++) {
      offer("file" + i);
    }

    goOn();

    assertThat(ended).contains("bad", "file0", "file1", "file2", "file3");
  }

  /** A thread that is lost is not counted as one at work. */
  @Test
  void aThreadThatEndsInAnErrorLeavesItsPlace() {
    for (int i = 0; i < 5; i++) {
      offer(
          "bad" + i,
          () -> {
            throw new AssertionError("on purpose");
          });
      goOn();
    }
    assertThat(thrown).hasSize(5);

    assertThat(offer("good")).isTrue();
    goOn();

    assertThat(ended).contains("good");
  }

  @Test
  void whoseThreadIsRefusedIsNotTaken() {
    refusesThreads = true;
    assertThat(offer("first")).isFalse();
    refusesThreads = false;

    assertThat(offer("second")).isTrue();
    goOn();

    assertThat(ended).containsExactly("second");
  }
}
