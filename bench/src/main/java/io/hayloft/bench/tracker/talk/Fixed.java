package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Turn;

/** A request that is always the same, and so is its answer. */
public final class Fixed implements Dialogue {

  private final byte[] request;
  private final byte[] answer;
  private final int mostBytes;

  private Fixed(String request, String answer, int mostBytes) {
    this.request = Answer.bytes(request + "\r\n");
    this.answer = Answer.bytes(answer);
    this.mostBytes = mostBytes;
  }

  public static Fixed noop() {
    return new Fixed("noop", "OK", "OK ".length());
  }

  /** What memcached does least for. */
  public static Fixed version() {
    return new Fixed("version", "VERSION ", 100);
  }

  @Override
  public boolean begin(Turn turn) {
    turn.toTracker().put(request);
    return true;
  }

  @Override
  public boolean answered(Turn turn, Answer received) {
    if (!received.beginsWith(answer) || received.length() > mostBytes) {
      throw received.wrong("not what was expected");
    }
    return true;
  }
}
