package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * {@code POST /-/copy}: fetches files from other servers and stores them, several at a time. A file
 * has its place, durably, before it is said to be made; a source that is not what it should be
 * leaves nothing.
 */
public final class Copies {

  private static final int UNDER_WAY = 64;

  /** Of one request, and to one disk. */
  private static final int AT_A_TIME = 16;

  /** Twice what one disk may have: a disk that hangs leaves half of it to the others. */
  private static final int AT_A_TIME_IN_ALL = 32;

  /** Files up to this size are fetched whole before anything is written. */
  private static final int PIECE = 256 << 10;

  private static final int MADE = 201;
  private static final int SOURCE_FAILED = 502;
  private static final int DESTINATION_FAILED = 500;
  private static final int DESTINATION_FULL = 507;

  private final Sources sources;
  private final BlobStore store;
  private final DiskShare share;
  private final DiskComplaints complaints;
  private final Tasks tasks;
  private final Tally tally;
  private final CopyPlaces places = new CopyPlaces(AT_A_TIME_IN_ALL, AT_A_TIME);

  public Copies(Sources sources, Ground ground) {
    this.sources = sources;
    this.store = ground.store();
    this.share = ground.share();
    this.complaints = ground.complaints();
    this.tasks = ground.tasks();
    this.tally = ground.tally();
  }

  /** How a copy ended, as status and as words. */
  private record End(int status, String words) {}

  public NativeRequest request() {
    return new NativeRequest("POST", "copy", false, UNDER_WAY, this::read);
  }

  private NativeRequest.Work read(Asked asked) throws BadRequestException {
    var orders = new ArrayList<CopyOrder>(asked.lines().size());
    for (var line : asked.lines()) {
      orders.add(CopyOrder.parse(line));
    }
    boolean byStatus = orders.size() == 1 && asked.parameter(NativeRequest.BEAT).isEmpty();
    NativeRequest.Work work = answer -> run(orders, byStatus, answer);
    return work.on(PerDevice.devices(orders.stream().map(CopyOrder::to)));
  }

  /**
   * @param byStatus whether the status tells how the only copy ended; it is known too late for that
   *     when signs of life are wanted before
   */
  private void run(List<CopyOrder> orders, boolean byStatus, Answer answer)
      throws InterruptedException {
    tasks.forEach(
        orders,
        AT_A_TIME,
        order -> {
          try {
            var end = copyInTurn(order);
            if (byStatus) {
              answer.status(end.status());
            }
            answer.line(order.to() + " " + end.words());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        });
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private End copyInTurn(CopyOrder order) throws InterruptedException {
    var device = order.to().device();
    places.enter(device);
    try {
      return copy(order);
    } finally {
      places.leave(device);
    }
  }

  private End copy(CopyOrder order) throws InterruptedException {
    try (var landing = new Landing(share, store, order.to())) {
      return copy(order, landing);
    } catch (DiskException e) {
      complaints.report(order.to().device(), e, order.to().text());
      tally.count("copy", "destination", 0);
      boolean full = e.code() == DiskException.Code.FULL;
      return new End(
          full ? DESTINATION_FULL : DESTINATION_FAILED, "destination " + Words.reason(e));
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      tally.count("copy", "source", 0);
      return new End(SOURCE_FAILED, "source " + Words.reason(e));
    }
  }

  private End copy(CopyOrder order, Landing landing) throws IOException, InterruptedException {
    var digests = new PassingDigests(order.digests());
    var piece = new byte[(int) Math.min(PIECE, order.length())];
    int last;
    SourceConnection.Head head;
    try (var fetch = sources.fetch(order.from(), order.known().isEmpty())) {
      head = fetch.head();
      check(order, head);
      long left = order.length();
      while (left > PIECE) {
        fetch.readFully(piece, PIECE);
        digests.update(piece, PIECE);
        landing.write(piece, PIECE);
        left -= PIECE;
      }
      last = (int) left;
      fetch.readFully(piece, last);
    }
    digests.update(piece, last);
    var found = digests.finish();
    var crc = String.valueOf(found.get(DigestName.CRC32C));
    for (var known : order.known().entrySet()) {
      if (!known.getValue().equals(found.get(known.getKey()))) {
        throw new SourceException(
            "has digest " + found.get(known.getKey()) + ", not " + known.getValue());
      }
    }
    if (head.crc32c().isPresent()
        && !HexFormat.of().toHexDigits(head.crc32c().getAsInt()).equals(crc)) {
      throw new SourceException("has not the CRC32C that it says it has");
    }
    landing.finish(piece, last);
    tally.count("copy", "made", order.length());
    var words = new StringBuilder("made ").append(order.length()).append(" CRC32C:").append(crc);
    order
        .wanted()
        .filter(name -> name != DigestName.CRC32C)
        .ifPresent(
            name -> words.append(' ').append(name.wire()).append(':').append(found.get(name)));
    return new End(MADE, words.toString());
  }

  private static void check(CopyOrder order, SourceConnection.Head head) throws SourceException {
    if (head.status() != 200) {
      throw new SourceException("HTTP " + head.status());
    }
    if (head.length() != order.length()) {
      throw new SourceException(
          head.length() < 0
              ? "states no length"
              : "has " + head.length() + " bytes, not " + order.length());
    }
  }
}
