package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import java.util.BitSet;

/**
 * Renames files, each client its own ones: to another name, and in the next round back. {@link
 * #back} gives all files their names again.
 */
public final class Renaming implements Dialogue {

  private static final byte[] TO = Answer.bytes("&to_key=");
  private static final byte[] OTHER = Answer.bytes("moved-");
  private static final byte[] END = Answer.bytes("\r\n");

  private final Pool pool;
  private final int clients;
  private final byte[] before;
  private final BitSet moved;
  private final boolean isBack;
  private final int[] next;
  private final int[] asked;

  public Renaming(Pool pool, int clients) {
    this(pool, clients, new BitSet(pool.count()), false);
  }

  private Renaming(Pool pool, int clients, BitSet moved, boolean isBack) {
    if (clients > pool.count()) {
      throw new IllegalArgumentException("more clients than files");
    }
    this.pool = pool;
    this.clients = clients;
    this.before = Answer.bytes("rename domain=" + pool.domain() + "&from_key=");
    this.moved = moved;
    this.isBack = isBack;
    this.next = new int[clients];
    this.asked = new int[clients];
    for (int client = 0; client < clients; client++) {
      next[client] = client;
    }
  }

  /** What undoes it: it ends when it is done. */
  public Renaming back() {
    return new Renaming(pool, clients, moved, true);
  }

  @Override
  public boolean begin(Turn turn) {
    int client = turn.client();
    if (isBack) {
      while (next[client] < pool.count() && !moved.get(next[client])) {
        next[client] += clients;
      }
      if (next[client] >= pool.count()) {
        return false;
      }
    }
    int index = next[client];
    asked[client] = index;
    next[client] = index + clients < pool.count() || isBack ? index + clients : client;
    Request request = turn.toTracker().put(before);
    name(request, index, moved.get(index));
    request.put(TO);
    name(request, index, !moved.get(index));
    request.put(END);
    return true;
  }

  private void name(Request request, int index, boolean isOther) {
    if (isOther) {
      request.put(OTHER);
      pool.number(request, index);
    } else {
      pool.key(request, index);
    }
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    if (!answer.isOk()) {
      throw answer.wrong("not OK");
    }
    moved.flip(asked[turn.client()]);
    return true;
  }
}
