package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.tracker.talk.Target;
import io.hayloft.bench.tracker.talk.Uploading;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Uploads: each must be in the tables, a sample must have its bytes. The bytes do not stay, since
 * they lie in memory; the rows do.
 */
final class Made {

  private static final int LOOKED_AT = 100;

  private final Cluster cluster;
  private final Target target;
  private final byte[] body;

  /**
   * @param bytes of each file
   */
  Made(Cluster cluster, Target target, int bytes) {
    this.cluster = cluster;
    this.target = target;
    this.body = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(body);
  }

  Site.Act prepare(int clients) {
    return new MakingAct(clients, cluster.database().files());
  }

  private final class MakingAct implements Site.Act {

    private final Uploading dialogue;
    private final long before;
    private long[] fids = new long[1024];
    private int[] devices = new int[1024];
    private int count;

    MakingAct(int clients, long before) {
      this.before = before;
      this.dialogue =
          new Uploading(
              target,
              "made-",
              target.keys()::getAndIncrement,
              ByteBuffer.wrap(body),
              clients,
              (_, fid, device) -> note(fid, device));
    }

    private void note(long fid, int device) {
      if (count == fids.length) {
        fids = Arrays.copyOf(fids, 2 * count);
        devices = Arrays.copyOf(devices, 2 * count);
      }
      fids[count] = fid;
      devices[count++] = device;
    }

    @Override
    public Dialogue dialogue() {
      return dialogue;
    }

    @Override
    public void after(Outcome outcome, ClosedLoop loop) {
      long more = cluster.database().files() - before;
      if (more != outcome.operations() || more != count) {
        throw new IllegalStateException(
            outcome.operations() + " files were stored, but " + more + " are there");
      }
      int step = Math.max(1, count / LOOKED_AT);
      for (int i = 0; i < count; i++) {
        remove(i, i % step == 0);
      }
      cluster.database().forgetQueues();
    }

    private void remove(int index, boolean isLookedAt) {
      var device = new DeviceId(devices[index]);
      var file = cluster.nodeOf(device).file(new ReplicaPath(device, new Fid(fids[index])));
      try {
        if (isLookedAt && !Arrays.equals(body, Files.readAllBytes(file))) {
          throw new IllegalStateException(file + " has other bytes than were stored");
        }
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException("a file that was stored is not there", e);
      }
    }
  }
}
