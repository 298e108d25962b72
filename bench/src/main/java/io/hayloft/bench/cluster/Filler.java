package io.hayloft.bench.cluster;

import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Lays files down in bulk: bytes are PUT to the storage nodes, so that they are there with
 * everything that a node keeps with them; rows are written past the tracker. That is many times
 * faster than uploads, and leaves the same.
 */
public final class Filler {

  private static final int LANES = 24;
  private static final int STAMP = Long.BYTES;

  /** The most names that a file of the usual filesystems may have is about 65,000. */
  private static final int NAMES = 30_000;

  private final Cluster cluster;
  private final Tasks tasks;
  private final SplittableRandom random = new SplittableRandom(17);
  private final byte[] block;

  /**
   * @param fileBytes the length of each file
   */
  public Filler(Cluster cluster, Tasks tasks, int fileBytes) {
    this.cluster = cluster;
    this.tasks = tasks;
    this.block = new byte[Math.max(STAMP, fileBytes)];
    random.nextBytes(block);
  }

  /** How files are laid. */
  public enum Manner {
    /** With one copy, and queued for their second. */
    LACKING_ONE(1),
    /** With two copies on two hosts. */
    WHOLE(2);

    private final int copies;

    Manner(int copies) {
      this.copies = copies;
    }
  }

  /** Files with bytes of their own. */
  public List<Laid> fill(int count, Manner manner) throws InterruptedException {
    var files = plan(count, manner);
    var lanes = IntStream.range(0, LANES).boxed().toList();
    tasks.forEach(
        lanes,
        LANES,
        lane -> {
          try (var lines = new Lines()) {
            for (int i = lane; i < files.size(); i += LANES) {
              lines.put(files.get(i));
            }
          }
          return lane;
        });
    cluster.database().lay(files, Cluster.DOMAIN, Cluster.CLASS);
    return files;
  }

  /**
   * Files that all have the same bytes, which many share on the disk: names of the same few inodes.
   * Good for jobs that look at names and lengths, where laying a million files would take longer
   * than the job.
   */
  public List<Laid> fillWithNames(int count, Manner manner) throws InterruptedException {
    var files = plan(count, manner);
    var originals = new HashMap<DeviceId, Original>();
    try (var lines = new Lines()) {
      for (var file : files) {
        for (var device : file.devices()) {
          var original = originals.get(device);
          if (original == null || original.names() >= NAMES) {
            lines.put(file.fid(), device, block);
            originals.put(device, new Original(file.fid(), 1));
          } else {
            link(original.fid(), file.fid(), device);
            originals.put(device, new Original(original.fid(), original.names() + 1));
          }
        }
      }
    }
    cluster.database().lay(files, Cluster.DOMAIN, Cluster.CLASS);
    return files;
  }

  /**
   * Files of which there are rows only: for what looks at no bytes. Nobody may be at work who would
   * miss them.
   */
  public List<Laid> fillRows(int count) {
    var files = plan(count, Manner.WHOLE);
    cluster.database().lay(files, Cluster.DOMAIN, Cluster.CLASS);
    return files;
  }

  /** The key of a laid file; all are of one length, so that their order is that of the numbers. */
  public static String name(long number) {
    return "laid-%010d".formatted(number);
  }

  private record Original(Fid fid, int names) {}

  private void link(Fid original, Fid copy, DeviceId device) {
    var node = cluster.nodeOf(device);
    var name = node.file(new ReplicaPath(device, copy));
    try {
      if (copy.value() % 1000 == 0 || !Files.exists(name.getParent())) {
        Files.createDirectories(name.getParent());
      }
      Files.createLink(name, node.file(new ReplicaPath(device, original)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which file goes where: each copy on a host of its own, all devices alike. */
  private List<Laid> plan(int count, Manner manner) {
    var nodes = cluster.liveNodes();
    long first = cluster.database().reserveFids(count);
    var files = new ArrayList<Laid>(count);
    for (int i = 0; i < count; i++) {
      var fid = new Fid(first + i);
      files.add(
          new Laid(
              fid,
              name(fid.value()),
              block.length,
              devices(nodes, manner.copies),
              manner == Manner.LACKING_ONE));
    }
    return files;
  }

  private List<DeviceId> devices(List<NodeHost> nodes, int copies) {
    int host = random.nextInt(nodes.size());
    var devices = new ArrayList<DeviceId>(copies);
    for (int copy = 0; copy < copies; copy++) {
      var onHost = nodes.get(host).devices();
      devices.add(onHost.get(random.nextInt(onHost.size())));
      host = (host + 1 + random.nextInt(nodes.size() - 1)) % nodes.size();
    }
    return devices;
  }

  /** The bytes of a file: no two files have the same. */
  public byte[] bytes(Fid fid) {
    var bytes = block.clone();
    ByteBuffer.wrap(bytes).putLong(fid.value());
    return bytes;
  }

  /** Connections to the nodes, for one thread. */
  private final class Lines implements AutoCloseable {

    private final Map<Integer, NodeLine> byNode = new HashMap<>();

    void put(Laid file) {
      file.devices().forEach(device -> put(file.fid(), device, bytes(file.fid())));
    }

    void put(Fid fid, DeviceId device, byte[] bytes) {
      var node = cluster.nodeOf(device);
      byNode
          .computeIfAbsent(node.number(), _ -> NodeLine.open(node.address()))
          .put(new ReplicaPath(device, fid).toString(), bytes);
    }

    @Override
    public void close() {
      byNode.values().forEach(NodeLine::close);
    }
  }
}
