package io.hayloft.runtime.config;

import io.hayloft.runtime.config.ConfigProblem.Code;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key with what is needed to read it: its kind, how many values it takes and their range. */
record Leaf(ConfigKey key, Kind kind, Count count, Setting setting) {

  /** How many values a key takes. */
  enum Count {
    ONE,
    OPTIONAL,
    LIST
  }

  /**
   * @throws IllegalStateException when a person who runs the program could do nothing about it: an
   *     unfit type, a default that cannot be read, neither a default nor {@code required}
   */
  static Leaf of(RecordComponent component, String name, Setting setting) {
    var count = Count.ONE;
    Class<?> type = component.getType();
    if (component.getGenericType() instanceof ParameterizedType generic
        && generic.getActualTypeArguments()[0] instanceof Class<?> argument) {
      count = type == List.class ? Count.LIST : Count.OPTIONAL;
      if (count == Count.OPTIONAL && type != Optional.class) {
        throw new IllegalStateException(name + ": a setting cannot be a " + type.getName());
      }
      type = argument;
    }
    var kind = Kind.of(type, component.getName());
    var words = count == Count.LIST ? "list of " + kind.name() : kind.name();
    var key =
        new ConfigKey(
            name, words, setting.byDefault(), setting.doc(), setting.secret(), setting.required());
    var leaf = new Leaf(key, kind, count, setting);
    leaf.checkDefault();
    return leaf;
  }

  private void checkDefault() {
    if (setting.required()) {
      return;
    }
    var problems = new Problems();
    byDefault(problems);
    try {
      problems.throwIfAny();
    } catch (ConfigException e) {
      throw new IllegalStateException("the default cannot be read: " + e.getMessage(), e);
    }
  }

  /** The value where no source gives one; null with a problem when there must be one. */
  @Nullable Object byDefault(Problems problems) {
    if (setting.required()) {
      problems.add(
          Code.MISSING,
          key.name(),
          "must be set, in the file, as %s or with %s. %s"
              .formatted(key.environmentName(), key.flag(), key.doc()));
      return null;
    }
    return read(new Given.One("default of " + key.name(), setting.byDefault()), problems);
  }

  /** The value; null when it cannot be read, which is then among the problems. */
  @Nullable Object read(Given given, Problems problems) {
    return switch (count) {
      case LIST -> readList(given, problems);
      case ONE -> readOne(given, problems);
      case OPTIONAL -> {
        if (given instanceof Given.One(_, var text) && text.isEmpty()) {
          yield Optional.empty();
        }
        var value = readOne(given, problems);
        yield value == null ? null : Optional.of(value);
      }
    };
  }

  private @Nullable Object readOne(Given given, Problems problems) {
    return switch (given) {
      case Given.One(var source, var text) -> {
        var value = readText(source, text, problems);
        yield value == null ? null : inRange(value, given, problems);
      }
      case Given.Many(var source, var items) -> {
        problems.add(Code.BAD_VALUE, source, "takes one value, not a list of " + items.size());
        yield null;
      }
    };
  }

  private @Nullable Object readList(Given given, Problems problems) {
    var texts =
        switch (given) {
          case Given.Many(_, var items) -> items;
          case Given.One(_, var text) ->
              Arrays.stream(text.split(",")).map(String::trim).filter(t -> !t.isEmpty()).toList();
        };
    var values = new ArrayList<Object>();
    for (var text : texts) {
      var value = readText(given.source(), text, problems);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return inRange(List.copyOf(values), given, problems);
  }

  private @Nullable Object readText(String source, String text, Problems problems) {
    try {
      return kind.read(text);
    } catch (IllegalArgumentException e) {
      problems.add(Code.BAD_VALUE, source, shown(text) + " " + e.getMessage());
      return null;
    }
  }

  private @Nullable Object inRange(Object value, Given given, Problems problems) {
    Optional<Double> measure =
        switch (value) {
          case java.time.Duration duration -> Optional.of(duration.toNanos() / 1e6);
          case Number number -> Optional.of(number.doubleValue());
          case List<?> list -> Optional.of((double) list.size());
          default -> Optional.empty();
        };
    if (measure.isEmpty() || (measure.get() >= setting.min() && measure.get() <= setting.max())) {
      return value;
    }
    problems.add(Code.OUT_OF_RANGE, given.source(), refusal(value, given));
    return null;
  }

  private String refusal(Object value, Given given) {
    var unit = value instanceof java.time.Duration ? " ms" : "";
    var limits =
        setting.max() == Long.MAX_VALUE
            ? "at least " + setting.min() + unit
            : setting.min() == Long.MIN_VALUE
                ? "at most " + setting.max() + unit
                : setting.min() + " to " + setting.max() + unit;
    return switch (given) {
      case Given.One(_, var text) when !(value instanceof List<?>) ->
          shown(text) + " is out of range: it must be " + limits;
      default -> "has the wrong number of values: there must be " + limits;
    };
  }

  private String shown(String text) {
    return key.secret() ? "the value (not shown)" : "\"" + text + "\"";
  }
}
