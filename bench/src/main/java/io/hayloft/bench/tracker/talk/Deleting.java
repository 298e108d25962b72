package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;

/** Deletes the files of a pool one after the other, each once. */
public final class Deleting implements Dialogue {

  private static final byte[] END = Answer.bytes("\r\n");

  private final Pool pool;
  private final byte[] before;
  private int next;

  public Deleting(Pool pool) {
    this.pool = pool;
    this.before = Answer.bytes("delete domain=" + pool.domain() + "&key=");
  }

  /** How many it has asked for. */
  public int asked() {
    return next;
  }

  @Override
  public boolean begin(Turn turn) {
    if (next == pool.count()) {
      return false;
    }
    Request request = turn.toTracker().put(before);
    pool.key(request, next++);
    request.put(END);
    return true;
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    if (!answer.isOk()) {
      throw answer.wrong("not OK");
    }
    return true;
  }
}
