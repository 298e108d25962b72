package io.hayloft.node.requests;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A native request as it came.
 *
 * @param rest what follows the request's name in the path, without the slash: {@code dev1}
 * @param query what is after the question mark, by name
 * @param lines of the body; none of them is empty
 */
public record Asked(String rest, Map<String, String> query, List<String> lines) {

  public Asked {
    query = Map.copyOf(query);
    lines = List.copyOf(lines);
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A parameter that is a whole number, 0 or more. */
  public OptionalLong number(String name) throws BadRequestException {
    var text = query.get(name);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Words.number(text, name));
  }
}
