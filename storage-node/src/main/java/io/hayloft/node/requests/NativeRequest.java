package io.hayloft.node.requests;

import io.hayloft.protocol.DeviceId;
import java.util.Set;

/**
 * One kind of native request.
 *
 * @param method {@code GET} or {@code POST}
 * @param name the first name after {@code /-/}
 * @param takesRest whether another name follows it
 * @param underWay how many of this kind may be under way at a time, half of them for any one disk;
 *     more are answered 503
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

    /** The disks that it may have to wait for. */
    default Set<DeviceId> disks() {
      return Set.of();
    }

    /** The same, with its disks told. */
    default Work on(Set<DeviceId> disks) {
      var work = this;
      return new Work() {
        @Override
        public void run(Answer answer) throws InterruptedException {
          work.run(answer);
        }

        @Override
        public Set<DeviceId> disks() {
          return disks;
        }
      };
    }
  }

  /** The key of a request among others. */
  public String key() {
    return method + " " + name;
  }
}
