package io.hayloft.node.inventory;

import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.node.device.Background;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.Throttle;
import io.hayloft.node.requests.Answer;
import io.hayloft.node.requests.Asked;
import io.hayloft.node.requests.BadRequestException;
import io.hayloft.node.requests.BrokenOffException;
import io.hayloft.node.requests.DigestName;
import io.hayloft.node.requests.NativeRequest;
import io.hayloft.node.requests.Words;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code GET /-/manifest/devN}: the files of a device in the order of their fids. The listing is
 * made as it is read, so it holds no more than a portion in memory however slow the reader.
 *
 * <p>It ends with {@code end} only if the disk is the same at the end as at the beginning: a disk
 * that was unmounted meanwhile must not look like one that has lost its files.
 */
public final class Manifests {

  private static final int UNDER_WAY = 8;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final Docroot docroot;
  private final DeviceIdentities identities;
  private final Background background;
  private final DiskComplaints complaints;
  private final Time time;

  public Manifests(
      Docroot docroot,
      DeviceIdentities identities,
      Background background,
      DiskComplaints complaints,
      Time time) {
    this.docroot = docroot;
    this.identities = identities;
    this.background = background;
    this.complaints = complaints;
    this.time = time;
  }

  private record Extent(
      DeviceId device, long after, long until, Set<DigestName> digests, long rate) {}

  public NativeRequest request() {
    return new NativeRequest(
        "GET",
        "manifest",
        true,
        UNDER_WAY,
        asked -> {
          var extent = extent(asked);
          NativeRequest.Work work = answer -> list(extent, answer);
          return work.on(Set.of(extent.device()));
        });
  }

  private static Extent extent(Asked asked) throws BadRequestException {
    var device = RequestPath.device(asked.rest());
    if (device.isEmpty()) {
      throw new BadRequestException("Not a device: " + Words.reason(asked.rest()));
    }
    var digests = EnumSet.noneOf(DigestName.class);
    if (asked.parameter("digest").isPresent()) {
      for (var name : asked.parameter("digest").get().split(",", -1)) {
        digests.add(
            DigestName.named(name)
                .orElseThrow(() -> new BadRequestException("Not a digest: " + Words.reason(name))));
      }
    }
    return new Extent(
        device.get(),
        asked.number("after").orElse(0),
        asked.number("until").orElse(Long.MAX_VALUE),
        digests,
        asked.number("rate").orElse(0));
  }

  private void list(Extent extent, Answer answer) throws InterruptedException {
    var device = extent.device();
    try {
      var why = background.run(device, () -> identities.unavailable(device));
      if (why.isPresent()) {
        answer.status(docroot.has(device) ? UNAVAILABLE : NOT_FOUND);
        answer.line(why.get());
        return;
      }
      var disk = identities.of(device);
      var directory = background.run(device, () -> docroot.device(device).toRealPath());
      var walk = new FidWalk(directory, extent.after(), extent.until());
      try (var entries = new Entries(walk, extent.digests())) {
        send(extent, entries, answer);
        if (background.run(device, () -> identities.unavailable(device)).isPresent()
            || !identities.of(device).uuid().equals(disk.uuid())) {
          throw new DiskException(DiskException.Code.BROKEN, "the disk was taken away");
        }
        answer.line("end " + entries.count());
      }
    } catch (IOException e) {
      complaints.report(device, DiskException.of(e), "manifest");
      throw new BrokenOffException(e);
    }
  }

  private void send(Extent extent, Entries entries, Answer answer)
      throws IOException, InterruptedException {
    var throttle = new Throttle(extent.rate(), time);
    while (true) {
      var portion = background.run(extent.device(), entries::next);
      if (!portion.lines().isEmpty()) {
        answer.line(portion.lines());
      }
      if (portion.isLast()) {
        return;
      }
      answer.awaitRoom();
      time.sleep(throttle.charge(portion.bytes()));
    }
  }
}
