package io.hayloft.node.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How functions of the C library are called: each gets, as its first argument, a place for {@code
 * errno}, which would be lost on the way back into Java otherwise.
 *
 * <p>Only functions whose arguments look the same on all processors are used here: {@code statx}
 * and {@code getdents64}, for instance, not {@code stat} and {@code readdir}.
 *
 * <p>What is restricted is made here, so that the rest of the package cannot go wrong in new ways.
 */
@SuppressWarnings("restricted")
final class SystemCall {

  static final int ENOENT = 2;
  static final int EEXIST = 17;
  static final int ENOTDIR = 20;
  static final int ELOOP = 40;
  static final int ENODATA = 61;
  static final int EOPNOTSUPP = 95;

  /** Paths are relative to the working directory, or absolute. */
  static final int AT_FDCWD = -100;

  static final int AT_SYMLINK_NOFOLLOW = 0x100;

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Text of an error; the C library keeps it, so it needs no freeing. */
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(POINTER, INT));

  private SystemCall() {}

  /** A function that sets {@code errno}. */
  static MethodHandle of(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** The same where not every C library has it. */
  static Optional<MethodHandle> optional(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER
        .defaultLookup()
        .find(name)
        .map(
            function ->
                LINKER.downcallHandle(
                    function,
                    FunctionDescriptor.of(result, arguments),
                    Linker.Option.captureCallState("errno")));
  }

  /**
   * A function that sets {@code errno} and is declared with an ellipsis.
   *
   * @param fixed how many arguments stand before that
   */
  static MethodHandle variadic(
      String name, MemoryLayout result, int fixed, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.firstVariadicArg(fixed),
        Linker.Option.captureCallState("errno"));
  }

  /** A function that cannot fail and answers nothing. */
  static MethodHandle withoutResult(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
  }

  /** Memory that the C library has handed out, which Java is told the length of. */
  static MemorySegment sized(MemorySegment memory, long bytes) {
    return memory.reinterpret(bytes);
  }

  /** A place for {@code errno}. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  static MemorySegment text(Arena arena, Path path) {
    return arena.allocateFrom(path.toString());
  }

  static IOException failure(MemorySegment state) {
    return new IOException(words(errno(state)));
  }

  /** The same when a file was meant: what is not there is told apart. */
  static IOException failure(MemorySegment state, Path file) {
    return isMissing(errno(state))
        ? new NoSuchFileException(file.toString())
        : new FileSystemException(file.toString(), null, words(errno(state)));
  }

  static boolean isMissing(int errno) {
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
  }

  private static String words(int errno) {
    try {
      var text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw unforeseen(e);
    }
  }

  /** For what a downcall can throw: nothing, if its arguments are of the right types. */
  static IllegalStateException unforeseen(Throwable thrown) {
    return new IllegalStateException("a call of the C library went wrong", thrown);
  }
}
