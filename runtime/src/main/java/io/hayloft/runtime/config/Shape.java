package io.hayloft.runtime.config;

import io.hayloft.runtime.config.ConfigProblem.Code;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record of settings is made of, learnt once from its components: keys, and groups that are
 * records again.
 *
 * @param name the dotted name of the group; empty for the whole
 */
record Shape(String name, Constructor<?> constructor, List<Part> parts) {

  /** One component. */
  sealed interface Part {
    record Key(Leaf leaf) implements Part {}

    record Group(Shape shape) implements Part {}
  }

  static Shape of(Class<?> type, String name) {
    var components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalStateException(type.getName() + " is not a record");
    }
    var parts = new ArrayList<Part>();
    for (var component : components) {
      parts.add(part(component, name));
    }
    try {
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return new Shape(name, canonical, List.copyOf(parts));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Part part(RecordComponent component, String group) {
    var own = ConfigKey.snake(component.getName());
    var name = group.isEmpty() ? own : group + "." + own;
    var setting = component.getAnnotation(Setting.class);
    if (setting != null) {
      return new Part.Key(Leaf.of(component, name, setting));
    }
    if (component.getType().isRecord()) {
      boolean ungrouped = component.isAnnotationPresent(Ungrouped.class);
      return new Part.Group(of(component.getType(), ungrouped ? group : name));
    }
    throw new IllegalStateException(name + " carries no @Setting and is no group");
  }

  List<Leaf> leaves() {
    var all = new ArrayList<Leaf>();
    for (var part : parts) {
      switch (part) {
        case Part.Key(var leaf) -> all.add(leaf);
        case Part.Group(var shape) -> all.addAll(shape.leaves());
      }
    }
    return all;
  }

  /** The record with these values; null when something is wrong, which is then a problem. */
  @Nullable Object build(Map<String, Given> given, Problems problems) {
    var values = new @Nullable Object[parts.size()];
    boolean complete = true;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (parts.get(i)) {
            case Part.Group(var shape) -> shape.build(given, problems);
            case Part.Key(var leaf) -> {
              var value = given.get(leaf.key().name());
              yield value == null ? leaf.byDefault(problems) : leaf.read(value, problems);
            }
          };
      complete &= values[i] != null;
    }
    return complete ? construct(values, problems) : null;
  }

  private @Nullable Object construct(@Nullable Object[] values, Problems problems) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        var source = name.isEmpty() ? "configuration" : name;
        problems.add(Code.CONTRADICTION, source, String.valueOf(refusal.getMessage()));
        return null;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
