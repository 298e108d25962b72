package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A short text that is kept with a file, in its inode if there is room. Links are not followed. The
 * JDK can do the same but opens the file each time; this is one call.
 */
public final class ExtendedAttribute {

  private static final MethodHandle SET =
      SystemCall.of("lsetxattr", INT, POINTER, POINTER, POINTER, LONG, INT);
  private static final MethodHandle GET =
      SystemCall.of("lgetxattr", LONG, POINTER, POINTER, POINTER, LONG);
  private static final MethodHandle REMOVE = SystemCall.of("lremovexattr", INT, POINTER, POINTER);
  private static final MethodHandle SET_OPEN =
      SystemCall.of("fsetxattr", INT, INT, POINTER, POINTER, LONG, INT);
  private static final MethodHandle GET_OPEN =
      SystemCall.of("fgetxattr", LONG, INT, POINTER, POINTER, LONG);

  /** Longer values are none of ours. */
  private static final int LONGEST = 64;

  private final MemorySegment name;

  /**
   * @param name with its prefix, as in {@code user.something}
   */
  public ExtendedAttribute(String name) {
    this.name = Arena.global().allocateFrom(name);
  }

  /** Whether the filesystem could keep it. */
  public enum Kept {
    YES,
    /** The filesystem has no attributes. */
    UNSUPPORTED
  }

  public Kept set(Path file, String value) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var path = SystemCall.text(arena, file);
      var text = arena.allocateFrom(value);
      int result = (int) SET.invokeExact(state, path, name, text, text.byteSize() - 1, 0);
      return kept(result, state);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  Kept set(int descriptor, String value) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var text = arena.allocateFrom(value);
      int result =
          (int) SET_OPEN.invokeExact(state, descriptor, name, text, text.byteSize() - 1, 0);
      return kept(result, state);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  private static Kept kept(int result, MemorySegment state) throws IOException {
    if (result == 0) {
      return Kept.YES;
    }
    if (SystemCall.errno(state) == SystemCall.EOPNOTSUPP) {
      return Kept.UNSUPPORTED;
    }
    throw SystemCall.failure(state);
  }

  /** Empty where there is none, no such file or no support. */
  public Optional<String> get(Path file) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var path = SystemCall.text(arena, file);
      var value = arena.allocate(LONGEST);
      long length = (long) GET.invokeExact(state, path, name, value, (long) LONGEST);
      return text(length, value, state);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  /** Whether the file's filesystem has no attributes at all. */
  public boolean isUnsupported(Path file) {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var path = SystemCall.text(arena, file);
      var value = arena.allocate(LONGEST);
      long length = (long) GET.invokeExact(state, path, name, value, (long) LONGEST);
      return length < 0 && SystemCall.errno(state) == SystemCall.EOPNOTSUPP;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  Optional<String> get(int descriptor) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var value = arena.allocate(LONGEST);
      long length = (long) GET_OPEN.invokeExact(state, descriptor, name, value, (long) LONGEST);
      return text(length, value, state);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  private static Optional<String> text(long length, MemorySegment value, MemorySegment state)
      throws IOException {
    if (length < 0) {
      if (isNone(SystemCall.errno(state))) {
        return Optional.empty();
      }
      throw SystemCall.failure(state);
    }
    var bytes = value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    return Optional.of(new String(bytes, StandardCharsets.US_ASCII));
  }

  /** Returns when the file has none. */
  public void remove(Path file) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var path = SystemCall.text(arena, file);
      int result = (int) REMOVE.invokeExact(state, path, name);
      if (result != 0 && !isNone(SystemCall.errno(state))) {
        throw SystemCall.failure(state);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  private static boolean isNone(int errno) {
    return errno == SystemCall.ENODATA
        || errno == SystemCall.EOPNOTSUPP
        || errno == SystemCall.ENOENT
        || errno == SystemCall.ENOTDIR;
  }
}
