package io.hayloft.node.requests;

/**
 * One kind of native request.
 *
 * @param method {@code GET} or {@code POST}
 * @param name the first name after {@code /-/}
 * @param takesRest whether another name follows it
 * @param underWay how many of this kind may be under way at a time; more are answered 503
 */
public record NativeRequest(
    String method, String name, boolean takesRest, int underWay, Reader reader) {

  /** The parameter of any request that asks for signs of life, as often as that many seconds. */
  public static final String BEAT = "beat";

  /** Understands a whole request before anything of it is done. */
  @FunctionalInterface
  public interface Reader {
    Work read(Asked asked) throws BadRequestException;
  }

  /**
   * What the request asks for. It runs on a thread that is cheap to block, and is interrupted when
   * nobody listens any more; the answer ends when it returns. What it throws breaks the answer off.
   */
  @FunctionalInterface
  public interface Work {
    void run(Answer answer) throws InterruptedException;
  }

  /** The key of a request among others. */
  public String key() {
    return method + " " + name;
  }
}
