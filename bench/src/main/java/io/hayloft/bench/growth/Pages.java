package io.hayloft.bench.growth;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Pool;
import io.hayloft.protocol.Arguments;
import java.util.SplittableRandom;

/**
 * Pages of keys, each after a key at random. Every page must be full; one in {@value #LOOKED_AT} is
 * looked at key by key: all must be keys of files, in their order, and none may lack.
 */
final class Pages implements Dialogue {

  private static final int LOOKED_AT = 32;
  private static final byte[] END = Answer.bytes("\r\n");
  private static final byte[] COUNT = Answer.bytes("key_count=");

  /** Pages from the last keys would not be full. */
  private static final long LAST = 9_000_000_000L;

  private final Crowd crowd;
  private final Pool pool;
  private final int limit;
  private final byte[] before;
  private final SplittableRandom random;
  private final int[] asked;
  private long answers;

  Pages(Crowd crowd, Pool pool, int limit, LookUp.Draw draw) {
    this.crowd = crowd;
    this.pool = pool;
    this.limit = limit;
    this.before =
        Answer.bytes(
            "list_keys domain=%s&prefix=%s&limit=%d&after="
                .formatted(pool.domain(), Pool.STEM, limit));
    this.random = new SplittableRandom(draw.seed());
    this.asked = new int[draw.clients()];
  }

  @Override
  public boolean begin(Turn turn) {
    int after;
    do {
      after = random.nextInt(pool.count());
    } while (Crowd.key(after) > LAST - spread());
    asked[turn.client()] = after;
    Request request = turn.toTracker().put(before);
    pool.key(request, after);
    request.put(END);
    return true;
  }

  /** How long a stretch a page may be. */
  private long spread() {
    return (long) ((limit + Crowd.UNEVEN) / crowd.laidIn(1));
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    if (!answer.isOk() || answer.number(COUNT) != limit) {
      throw answer.wrong("not a full page");
    }
    if (answers++ % LOOKED_AT == 0) {
      mustBeRight(answer, Crowd.key(asked[turn.client()]));
    }
    return true;
  }

  private void mustBeRight(Answer answer, long after) {
    var fields = Arguments.parse(answer.text().substring("OK".length()).strip());
    long last = after;
    int laid = 0;
    for (int i = 1; i <= limit; i++) {
      var key = fields.text("key_" + i);
      long number = key.startsWith(Pool.STEM) ? number(key) : -1;
      if (number <= last || !crowd.isThere(number)) {
        throw answer.wrong("not the keys after " + after + ": " + key);
      }
      if (crowd.isLaid(number)) {
        laid++;
      }
      last = number;
    }
    if (Math.abs(crowd.laidIn(last - after) - laid) > Crowd.UNEVEN) {
      throw answer.wrong("keys lack between " + after + " and " + last);
    }
  }

  private static long number(String key) {
    return Long.parseLong(key.substring(Pool.STEM.length()));
  }
}
