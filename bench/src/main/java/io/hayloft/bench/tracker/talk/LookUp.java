package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Questions for files at random. */
public final class LookUp implements Dialogue {

  private static final String VERIFIED = "get_paths ";
  private static final String UNVERIFIED = "get_paths noverify=1&";
  private static final byte[] PATHS = Answer.bytes("paths=");
  private static final byte[] FID = Answer.bytes("fid=");
  private static final byte[] LENGTH = Answer.bytes("length=");
  private static final byte[] END = Answer.bytes("\r\n");

  /** Of each file. */
  private static final int COPIES = 2;

  private static final int DIGITS = 10;

  private final byte[] before;
  private final Pool pool;
  private final Check check;
  private final IntSupplier choice;
  private final int[] asked;

  /** The bytes that each path of the file ends with. */
  private final byte[] name = Answer.bytes("0000000000.fid");

  private enum Check {
    /** Both copies. */
    PATHS,
    /** Those that answered in time: a tracker may leave one out whose node took long. */
    VERIFIED_PATHS,
    INFO
  }

  private LookUp(String before, Pool pool, Check check, int clients, IntSupplier choice) {
    this.before = Answer.bytes(before + "domain=" + pool.domain() + "&key=");
    this.pool = pool;
    this.check = check;
    this.choice = choice;
    this.asked = new int[clients];
  }

  /**
   * How chance falls.
   *
   * @param clients how many there are
   * @param seed so that all who are asked are asked for the same
   */
  public record Draw(int clients, long seed) {

    private IntSupplier of(Pool pool) {
      var random = new SplittableRandom(seed);
      return () -> random.nextInt(pool.count());
    }
  }

  /** Where files are, every one once. */
  public static LookUp all(Pool pool, int clients) {
    var next = new AtomicInteger();
    IntSupplier choice = () -> next.get() < pool.count() ? next.getAndIncrement() : -1;
    return new LookUp(UNVERIFIED, pool, Check.PATHS, clients, choice);
  }

  /** Where a file is; both copies must be named, or one at least where they are verified. */
  public static LookUp paths(Pool pool, boolean verifying, Draw draw) {
    var request = verifying ? VERIFIED : UNVERIFIED;
    var check = verifying ? Check.VERIFIED_PATHS : Check.PATHS;
    return new LookUp(request, pool, check, draw.clients(), draw.of(pool));
  }

  public static LookUp info(Pool pool, Draw draw) {
    return new LookUp("file_info ", pool, Check.INFO, draw.clients(), draw.of(pool));
  }

  @Override
  public boolean begin(Turn turn) {
    int index = choice.getAsInt();
    if (index < 0) {
      return false;
    }
    asked[turn.client()] = index;
    Request request = turn.toTracker().put(before);
    pool.key(request, index);
    request.put(END);
    return true;
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    if (!answer.isOk()) {
      throw answer.wrong("not OK");
    }
    int index = asked[turn.client()];
    switch (check) {
      case PATHS -> mustBePaths(answer, pool.fid(index), COPIES);
      case VERIFIED_PATHS -> mustBePaths(answer, pool.fid(index), 1);
      case INFO -> {
        if (answer.number(FID) != pool.fid(index) || answer.number(LENGTH) != pool.bytes()) {
          throw answer.wrong("another file than " + pool.key(index));
        }
      }
    }
    return true;
  }

  private void mustBePaths(Answer answer, long fid, int least) {
    long named = answer.number(PATHS);
    if (named < least || named > COPIES) {
      throw answer.wrong("not " + least + " to " + COPIES + " paths");
    }
    long rest = fid;
    for (int at = DIGITS - 1; at >= 0; at--) {
      name[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    int found = 0;
    for (int at = answer.find(name, answer.begin());
        at >= 0;
        at = answer.find(name, at + name.length)) {
      found++;
    }
    if (found != named) {
      throw answer.wrong("not the paths of file " + fid);
    }
  }
}
