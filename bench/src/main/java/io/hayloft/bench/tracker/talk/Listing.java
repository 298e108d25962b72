package io.hayloft.bench.tracker.talk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import io.hayloft.protocol.Arguments;
import java.util.SplittableRandom;

/**
 * Pages of keys, each from a random place. All answers are of one length, since all keys are; one
 * in {@value #LOOKED_AT} is looked at key by key, the first one among them.
 */
public final class Listing implements Dialogue {

  private static final int LOOKED_AT = 32;
  private static final byte[] END = Answer.bytes("\r\n");

  private final Pool pool;
  private final int limit;
  private final byte[] before;
  private final SplittableRandom random;
  private final int[] asked;
  private int length;
  private long answers;

  /**
   * @param limit how many keys a page has; fewer than there are files
   */
  public Listing(Pool pool, int limit, LookUp.Draw draw) {
    if (limit >= pool.count()) {
      throw new IllegalArgumentException("too few files for pages of " + limit);
    }
    this.pool = pool;
    this.limit = limit;
    this.before =
        Answer.bytes(
            "list_keys domain=%s&prefix=%s&limit=%d&after="
                .formatted(pool.domain(), new String(Pool.KEY, ISO_8859_1), limit));
    this.random = new SplittableRandom(draw.seed());
    this.asked = new int[draw.clients()];
  }

  @Override
  public boolean begin(Turn turn) {
    int after = random.nextInt(pool.count() - limit);
    asked[turn.client()] = after;
    Request request = turn.toTracker().put(before);
    pool.key(request, after);
    request.put(END);
    return true;
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    if (!answer.isOk()) {
      throw answer.wrong("not OK");
    }
    if (answers++ % LOOKED_AT == 0) {
      mustBeRight(answer, asked[turn.client()]);
      length = answer.length();
    }
    if (answer.length() != length) {
      throw answer.wrong("not " + length + " bytes");
    }
    return true;
  }

  private void mustBeRight(Answer answer, int after) {
    var fields = Arguments.parse(answer.text().substring("OK".length()).strip());
    boolean isRight =
        fields.number("key_count") == limit
            && fields.text("next_after").equals(pool.key(after + limit));
    for (int i = 1; i <= limit && isRight; i++) {
      isRight = fields.text("key_" + i).equals(pool.key(after + i));
    }
    if (!isRight) {
      throw answer.wrong("not the keys after " + pool.key(after));
    }
  }
}
