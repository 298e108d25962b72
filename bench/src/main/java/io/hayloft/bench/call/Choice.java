package io.hayloft.bench.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** What can be measured, by name, of which {@code --only} picks some. */
public final class Choice {

  private Choice() {}

  /**
   * @param only the names asked for; none means all that are usual
   * @throws IllegalArgumentException when there is nothing of such a name
   */
  public static <T> List<T> of(
      List<T> all, Function<T, String> name, List<String> only, Predicate<T> isUsual) {
    var byName = new LinkedHashMap<String, T>();
    all.forEach(each -> byName.put(name.apply(each), each));
    for (var asked : only) {
      if (!byName.containsKey(asked)) {
        throw new IllegalArgumentException(
            "nothing is called " + asked + ", but " + byName.keySet());
      }
    }
    return byName.entrySet().stream()
        .filter(
            each -> only.isEmpty() ? isUsual.test(each.getValue()) : only.contains(each.getKey()))
        .map(each -> each.getValue())
        .toList();
  }
}
