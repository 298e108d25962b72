package io.hayloft.runtime.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A type of value and how its text is read.
 *
 * @param name in words, for the documentation
 * @param reader throws {@link IllegalArgumentException} with the end of a sentence that begins with
 *     the text: {@code is not a whole number}
 */
record Kind(String name, Function<String, Object> reader) {

  private static final Kind TEXT = new Kind("text", text -> text);
  private static final Kind INT = new Kind("whole number", Kind::readInt);
  private static final Kind LONG = new Kind("whole number", Kind::readLong);
  private static final Kind FRACTION = new Kind("number", Kind::readDouble);
  private static final Kind SIZE = new Kind("size", Amounts::size);
  private static final Kind FLAG = new Kind("yes or no", Kind::readBoolean);
  private static final Kind DURATION = new Kind("duration", Amounts::duration);
  private static final Kind PATH = new Kind("path", Kind::readPath);
  private static final Kind ADDRESS = new Kind("address", Kind::readAddress);

  /**
   * The kind of a component's type; a {@code long} whose name ends in {@code Bytes} is a size.
   *
   * @throws IllegalStateException for a type that configuration cannot have
   */
  static Kind of(Class<?> type, String component) {
    if (type == String.class) {
      return TEXT;
    } else if (type == int.class || type == Integer.class) {
      return INT;
    } else if (type == long.class || type == Long.class) {
      return component.endsWith("Bytes") ? SIZE : LONG;
    } else if (type == double.class || type == Double.class) {
      return FRACTION;
    } else if (type == boolean.class || type == Boolean.class) {
      return FLAG;
    } else if (type == Duration.class) {
      return DURATION;
    } else if (type == Path.class) {
      return PATH;
    } else if (type == Address.class) {
      return ADDRESS;
    } else if (type.isEnum()) {
      return choice(type);
    }
    throw new IllegalStateException(component + ": no setting can be a " + type.getName());
  }

  Object read(String text) {
    return reader.apply(text);
  }

  private static Kind choice(Class<?> type) {
    var constants = type.getEnumConstants();
    var names = Arrays.stream(constants).map(Kind::written).collect(Collectors.joining(", "));
    return new Kind(
        "one of " + names,
        text -> {
          var wanted = text.trim().replace('-', '_');
          return Arrays.stream(constants)
              .filter(constant -> written(constant).equalsIgnoreCase(wanted))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("is not one of " + names));
        });
  }

  private static String written(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static Object readInt(String text) {
    long value = readLong(text);
    if (value != (int) value) {
      throw new IllegalArgumentException("is too far from zero");
    }
    return (int) value;
  }

  private static Long readLong(String text) {
    try {
      return Long.valueOf(text.trim().replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a whole number", e);
    }
  }

  private static Object readDouble(String text) {
    try {
      double value = Double.parseDouble(text.trim());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a number", e);
    }
    throw new IllegalArgumentException("is not a number");
  }

  private static Object readBoolean(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "yes", "on", "true", "1" -> true;
      case "no", "off", "false", "0" -> false;
      default -> throw new IllegalArgumentException("is neither yes nor no");
    };
  }

  private static Object readPath(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is not a path");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is not a path", e);
    }
  }

  private static Object readAddress(String text) {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not an address (host:port): " + e.getMessage(), e);
    }
  }
}
