package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of a connection's socket, for what Java has no words for: bytes that the kernel is to
 * keep until more comes, so that they leave in one piece with it.
 *
 * <p>The number is another connection's as soon as the channel is closed. Whoever sends by it must
 * keep the channel from being closed meanwhile.
 *
 * <p>The JDK tells the number only where {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED} is
 * among the options of the JVM.
 */
public final class SocketDescriptor {

  private static final Logger log = LoggerFactory.getLogger(SocketDescriptor.class);

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_MORE = 0x8000;

  private static final MethodHandle SEND = SystemCall.of("send", LONG, INT, POINTER, LONG, INT);

  private static final Optional<MethodHandle> NUMBER = number();

  private final int number;

  private SocketDescriptor(int number) {
    this.number = number;
  }

  /** Empty where the JDK does not tell it. */
  public static Optional<SocketDescriptor> of(SocketChannel channel) {
    return NUMBER.map(
        number -> {
          try {
            return new SocketDescriptor((int) number.invoke(channel));
          } catch (Throwable e) {
            throw SystemCall.unforeseen(e);
          }
        });
  }

  private static Optional<MethodHandle> number() {
    try {
      var inner = Class.forName("sun.nio.ch.SelChImpl");
      return Optional.of(
          MethodHandles.lookup().findVirtual(inner, "getFDVal", MethodType.methodType(int.class)));
    } catch (ReflectiveOperationException e) {
      log.debug("heads of responses leave alone", e);
      return Optional.empty();
    }
  }

  /**
   * Gives the kernel bytes that more follows at once. As many as it took are consumed, none where
   * it takes none for whatever reason: writing them in the usual way tells which.
   */
  public int sendAhead(ByteBuffer... buffers) {
    int length = 0;
    for (var buffer : buffers) {
      length += buffer.remaining();
    }
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(length);
      copy(buffers, bytes);
      int sent = Math.max(0, send(SystemCall.state(arena), bytes));
      consume(buffers, sent);
      return sent;
    }
  }

  private static void copy(ByteBuffer[] from, MemorySegment to) {
    var whole = to.asByteBuffer();
    for (var buffer : from) {
      whole.put(buffer.duplicate());
    }
  }

  private int send(MemorySegment state, MemorySegment bytes) {
    try {
      return (int)
          (long)
              SEND.invokeExact(
                  state, number, bytes, bytes.byteSize(), MSG_MORE | MSG_NOSIGNAL | MSG_DONTWAIT);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  private static void consume(ByteBuffer[] buffers, int sent) {
    int left = sent;
    for (var buffer : buffers) {
      int taken = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + taken);
      left -= taken;
    }
  }
}
