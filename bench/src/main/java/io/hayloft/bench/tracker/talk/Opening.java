package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Turn;
import java.util.BitSet;

/** Begins uploads, and leaves it at that. No file number may be given out twice. */
public final class Opening implements Dialogue {

  private static final byte[] END = Answer.bytes("\r\n");

  /** How far numbers may lie below the first that was heard of. */
  private static final int MARGIN = 1_000_000;

  private final Target target;
  private final byte[] before;
  private final BitSet seen = new BitSet();
  private long first = -1;

  public Opening(Target target) {
    this.target = target;
    this.before = Answer.bytes("create_open " + target.names("open-"));
  }

  @Override
  public boolean begin(Turn turn) {
    turn.toTracker().put(before).number(target.keys().getAndIncrement(), Pool.DIGITS).put(END);
    return true;
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    if (!answer.isOk()) {
      throw answer.wrong("not OK");
    }
    long fid = answer.number(Fields.FID);
    int path = answer.field(Fields.PATH);
    if (answer.number(Fields.DEVICE) < 1 || answer.end(path) == path) {
      throw answer.wrong("no place");
    }
    if (first < 0) {
      first = Math.max(0, fid - MARGIN);
    }
    int offset = Math.toIntExact(fid - first);
    if (seen.get(offset)) {
      throw answer.wrong("a number that was given out already");
    }
    seen.set(offset);
    return true;
  }
}
