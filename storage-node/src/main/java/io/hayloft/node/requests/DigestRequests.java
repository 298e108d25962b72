package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore.Found;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.OpenBlob;
import io.hayloft.node.device.Throttle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * {@code POST /-/digest}: reads files and tells their digests. Pieces are read on the lane of the
 * disk and digested elsewhere, so that a disk is not held while a processor works.
 */
public final class DigestRequests {

  private static final int UNDER_WAY = 16;
  private static final int AT_A_TIME = 4;
  private static final int PIECE = 512 << 10;

  private final Ground ground;

  public DigestRequests(Ground ground) {
    this.ground = ground;
  }

  private record Item(BlobPath path, Set<DigestName> names) {

    static Item parse(String line) throws BadRequestException {
      var words = Words.of(line);
      if (words.size() != 2) {
        throw new BadRequestException("Not PATH ALGORITHM: " + Words.reason(line));
      }
      var names = EnumSet.noneOf(DigestName.class);
      for (var word : words.get(1).split(",", -1)) {
        names.add(
            DigestName.named(word)
                .orElseThrow(
                    () -> new BadRequestException("No digest is called " + Words.reason(word))));
      }
      return new Item(Words.path(words.get(0)), names);
    }
  }

  public NativeRequest request() {
    return new NativeRequest("POST", "digest", false, UNDER_WAY, this::read);
  }

  private NativeRequest.Work read(Asked asked) throws BadRequestException {
    var items = new ArrayList<Item>(asked.lines().size());
    for (var line : asked.lines()) {
      items.add(Item.parse(line));
    }
    var throttle = new Throttle(asked.number("rate").orElse(0), ground.time());
    NativeRequest.Work work = answer -> digest(items, throttle, answer);
    return work.on(PerDevice.devices(items.stream().map(Item::path)));
  }

  private void digest(List<Item> items, Throttle throttle, Answer answer)
      throws InterruptedException {
    ground
        .tasks()
        .forEach(
            items,
            AT_A_TIME,
            item -> {
              try {
                answer.line(item.path() + " " + words(item, throttle));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return true;
            });
  }

  private String words(Item item, Throttle throttle) throws InterruptedException {
    var device = item.path().device();
    try {
      var found = ground.share().run(device, () -> ground.store().openOnce(item.path()));
      if (found instanceof Found.File(var blob)) {
        try {
          return words(item, blob, throttle);
        } finally {
          blob.release();
        }
      }
      if (!ground.share().run(device, () -> ground.store().hasDisk(device))) {
        return "failed there is no device " + device.directory();
      }
      ground.tally().count("digest", "missing", 0);
      return "missing";
    } catch (DiskException e) {
      ground.complaints().report(device, e, item.path().text());
      ground.tally().count("digest", "failed", 0);
      return "failed " + Words.reason(e);
    }
  }

  private String words(Item item, OpenBlob blob, Throttle throttle)
      throws DiskException, InterruptedException {
    var digests = new PassingDigests(item.names());
    var piece = ByteBuffer.allocate((int) Math.min(PIECE, blob.size()));
    for (long at = 0; at < blob.size(); at += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE, blob.size() - at));
      long from = at;
      ground.share().runAfterClients(item.path().device(), () -> fill(blob, piece, from));
      digests.update(piece.flip());
      pause(throttle, piece.limit());
    }
    var words = new StringBuilder().append(blob.size());
    digests
        .finish()
        .forEach((name, hex) -> words.append(' ').append(name.wire()).append(':').append(hex));
    ground.tally().count("digest", "read", 0);
    return words.toString();
  }

  private static boolean fill(OpenBlob blob, ByteBuffer piece, long from) throws DiskException {
    try {
      if (!blob.read(piece, from)) {
        throw new DiskException(DiskException.Code.BROKEN, "it became shorter while it was read");
      }
      return true;
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** The rate holds for the request as a whole. */
  private void pause(Throttle throttle, int bytes) throws InterruptedException {
    Duration due;
    synchronized (throttle) {
      due = throttle.charge(bytes);
    }
    ground.time().sleep(due);
  }
}
