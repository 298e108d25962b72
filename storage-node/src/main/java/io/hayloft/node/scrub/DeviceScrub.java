package io.hayloft.node.scrub;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.FidName;
import io.hayloft.node.device.Throttle;
import io.hayloft.node.inventory.FidWalk;
import io.hayloft.node.kernel.FileReader;
import io.hayloft.node.scrub.FileCheck.Verdict;
import io.hayloft.node.scrub.Scrub.Ground;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over the files of a device, from where the last one was cut short. */
final class DeviceScrub {

  private static final Logger log = LoggerFactory.getLogger(DeviceScrub.class);

  /** How often it is written down how far it has come, and looked whether the disk is there. */
  private static final Duration NOTE_EVERY = Duration.ofSeconds(30);

  /** A file may be being written in parts for so long. */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  /** What moving to another file costs a disk, in bytes that could be read instead. */
  private static final long COST_OF_A_FILE = 128 << 10;

  private final DeviceId device;
  private final Path directory;
  private final Ground ground;
  private final RepeatedCauses causes;
  private final Throttle throttle;
  private final ScrubMeters meters;
  private final FileReader.Memory memory = new FileReader.Memory();
  private long notedNanos;
  private long files;

  DeviceScrub(
      DeviceId device,
      Path directory,
      Ground ground,
      long bytesPerSecond,
      RepeatedCauses causes,
      ScrubMeters meters) {
    this.device = device;
    this.directory = directory;
    this.ground = ground;
    this.causes = causes;
    this.throttle = new Throttle(bytesPerSecond, ground.time());
    this.meters = meters;
  }

  /** Returns at the end of the pass, or where it had to stop; then it goes on from there later. */
  void pass(ScrubPosition from) throws IOException, InterruptedException {
    if (isStopped()) {
      return;
    }
    log.info("dev{}: scrub goes on after fid {}", device, from.after());
    var walk = new FidWalk(directory, from.after(), Long.MAX_VALUE);
    notedNanos = ground.time().nanoTime();
    while (true) {
      var shelf = ground.background().run(device, walk::next);
      if (shelf.isEmpty()) {
        var now = ground.time().epochSecond();
        note(new ScrubPosition(0, now));
        log.info("dev{}: scrub has read all files, {} of them since it went on", device, files);
        return;
      }
      for (int i = 0; i < shelf.get().count(); i++) {
        check(shelf.get().fid(i));
        if (!goesOn(new ScrubPosition(shelf.get().fid(i), from.ended()))) {
          return;
        }
      }
    }
  }

  private boolean goesOn(ScrubPosition position) throws IOException, InterruptedException {
    if (isStopped()) {
      note(position);
      return false;
    }
    if (ground.time().since(notedNanos).compareTo(NOTE_EVERY) > 0) {
      if (ground
          .background()
          .run(device, () -> ground.identities().unavailable(device))
          .isPresent()) {
        return false;
      }
      note(position);
    }
    return true;
  }

  /** What is taken away while nobody looks at what was found would only become more. */
  private boolean isStopped() {
    boolean full = ground.findings().isFull(device);
    if (full) {
      causes.warn("scrub stops until its findings are dealt with", device.directory());
    }
    return full;
  }

  private void note(ScrubPosition position) throws IOException, InterruptedException {
    notedNanos = ground.time().nanoTime();
    ground
        .background()
        .run(
            device,
            () -> {
              position.write(directory);
              return position;
            });
  }

  private void check(long fid) throws IOException, InterruptedException {
    var path = FidName.path(device, new Fid(fid));
    long youngest = ground.time().epochSecond() - YOUNG.toSeconds();
    var file = directory.resolve(path.text().substring(device.directory().length() + 2));
    try (var check = new FileCheck(path, file, ground.store(), youngest, memory)) {
      Optional<Verdict> verdict = Optional.empty();
      while (verdict.isEmpty()) {
        verdict = ground.background().run(device, check::step);
        ground.time().sleep(throttle.charge(check.newlyRead()));
      }
      ground.time().sleep(throttle.charge(COST_OF_A_FILE));
      files++;
      meters.files().increment();
      meters.bytes().increment((double) check.read());
      conclude(path, verdict.get());
    }
  }

  private void conclude(BlobPath path, Verdict verdict) throws IOException, InterruptedException {
    switch (verdict) {
      case Verdict.Good _, Verdict.NotChecked _ -> {}
      case Verdict.Unsteady(var first) ->
          causes.warn(
              device.directory() + ": a file was read wrongly, and rightly the second time",
              path + ": " + first);
      case Verdict.Bad bad -> {
        if (!ground.findings().has(path)) {
          found(path, bad);
        }
      }
    }
  }

  private void found(BlobPath path, Verdict.Bad bad) throws IOException, InterruptedException {
    meters.bad().increment();
    causes.warn(
        device.directory() + ": scrub found a damaged file and takes it out of the way",
        path + ": " + bad.reason());
    var finding = new Finding(path, ground.time().epochSecond(), bad.reason());
    ground
        .background()
        .run(
            device,
            () -> {
              ground.findings().add(finding, () -> takeAway(path, bad));
              return finding;
            });
  }

  private void takeAway(BlobPath path, Verdict.Bad bad) {
    try {
      var quarantine = ground.store().quarantine();
      if (bad.inode().isPresent()) {
        quarantine.takeIfStill(path, bad.inode().getAsLong(), "corrupt");
      } else {
        quarantine.take(path, "unreadable");
      }
    } catch (DiskException e) {
      ground.complaints().report(device, e, path.text());
    }
  }
}
