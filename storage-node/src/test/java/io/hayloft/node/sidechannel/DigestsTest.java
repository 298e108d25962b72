package io.hayloft.node.sidechannel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.Durability;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {

  @Test
  void manyAtOnceAreAllComputed(@TempDir Path root) throws IOException, InterruptedException {
    var file = Files.createDirectory(root.resolve("dev1")).resolve("a");
    Files.write(file, new byte[1_000_000]);
    var docroot = new Docroot(root);
    var openBlobs = new OpenBlobs(10, Time.system());
    var store =
        new BlobStore(
            docroot,
            new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1)),
            Durability.NONE,
            openBlobs,
            Time.system(),
            new Random(1));
    var digests = new Digests(store);
    var path = BlobPath.of(new DeviceId(1), "a");

    List<Digests.Outcome> outcomes;
    try (var tasks = Tasks.virtual()) {
      outcomes =
          tasks.forEach(
              Collections.nCopies(40, path),
              40,
              each -> {
                try {
                  return digests.compute(each, HashAlgorithm.MD5, true);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    assertThat(outcomes)
        .hasSize(40)
        .containsOnly(digests.compute(path, HashAlgorithm.MD5, false))
        .doesNotContain(new Digests.Outcome.NoFile());
    assertThat(openBlobs.open()).isZero();
  }
}
