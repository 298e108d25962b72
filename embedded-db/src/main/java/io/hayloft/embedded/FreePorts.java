package io.hayloft.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that this process is about to start as processes of their own.
 *
 * <p>A port that the system picks and that is given back at once may belong to somebody else before
 * the server binds it: to an outgoing connection, or to the next who lets the system pick. These
 * ports lie below those that the usual systems pick from, none is given twice in a process, and
 * processes that run side by side begin at different places. Nobody listens on them when they are
 * given, on no address of this machine.
 */
public final class FreePorts {

  private static final int LOWEST = 12_000;

  /** Linux picks from 32,768 on, some container runtimes from 16,000. */
  private static final int COUNT = 4_000;

  /** Between the places of two processes whose numbers follow each other; prime to the count. */
  private static final int STRIDE = 97;

  private static final FreePorts OF_THIS_PROCESS =
      new FreePorts(LOWEST, COUNT, ProcessHandle.current().pid() * STRIDE);

  private final int lowest;
  private final int count;
  private final int start;
  private final AtomicInteger given = new AtomicInteger();

  /**
   * @param start where in the range to begin; taken modulo the count
   */
  FreePorts(int lowest, int count, long start) {
    this.lowest = lowest;
    this.count = count;
    this.start = Math.floorMod(start, count);
  }

  /**
   * A port that this process has not been given before.
   *
   * @throws IllegalStateException when there is none left
   */
  public static int next() {
    return OF_THIS_PROCESS.nextHere();
  }

  /** An address with such a port that only this machine can reach. */
  public static InetSocketAddress nextOnLoopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), next());
  }

  int nextHere() {
    while (true) {
      int place = given.getAndUpdate(before -> Math.min(before + 1, count));
      if (place == count) {
        throw new IllegalStateException(
            "no free port is left from %d to %d".formatted(lowest, lowest + count - 1));
      }
      int port = lowest + (start + place) % count;
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
