package io.hayloft.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.hayloft.runtime.config.ConfigProblem.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads YAML or JSON into dotted keys with their texts. The tokens are read rather than a tree, so
 * that a value keeps the text that stands in the file (a password {@code 0123} is not the number
 * 83) and a problem can name its line.
 *
 * <p>Refuses a key given twice, aliases, lists of anything but scalars, and a second document.
 */
final class YamlFile {

  private static final YAMLFactory FACTORY =
      YAMLFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .build();

  private final String file;
  private final Problems problems;
  private final YAMLParser parser;
  private final Map<String, Given> values = new LinkedHashMap<>();

  private YamlFile(String file, Problems problems, YAMLParser parser) {
    this.file = file;
    this.problems = problems;
    this.parser = parser;
  }

  static Map<String, Given> read(String file, String text, Problems problems) {
    try (var parser = FACTORY.createParser(text)) {
      var reading = new YamlFile(file, problems, parser);
      reading.document();
      return reading.values;
    } catch (JsonProcessingException e) {
      problems.add(Code.UNREADABLE, at(file, e), "is not right: " + sentence(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory has no such errors
    }
    return Map.of();
  }

  private void document() throws IOException {
    var first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      problems.add(Code.UNREADABLE, line(), "is not a list of settings (key: value)");
      return;
    }
    group("");
    if (parser.nextToken() != null) {
      problems.add(Code.UNREADABLE, line(), "begins a second document, which is not read");
    }
  }

  private void group(String prefix) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = prefix + parser.currentName();
      var source = line() + ": " + name;
      var token = parser.nextToken();
      if (parser.isCurrentAlias()) {
        problems.add(Code.UNREADABLE, source, "aliases are not read here");
        parser.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        group(name + ".");
      } else if (token == JsonToken.START_ARRAY) {
        list(source).ifPresent(items -> put(name, new Given.Many(source, items)));
      } else if (token != JsonToken.VALUE_NULL) {
        put(name, new Given.One(source, parser.getText()));
      }
    }
  }

  private Optional<List<String>> list(String source) throws IOException {
    var items = new ArrayList<String>();
    boolean plain = true;
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      plain &= token.isScalarValue() && token != JsonToken.VALUE_NULL && !parser.isCurrentAlias();
      items.add(plain ? parser.getText() : "");
      parser.skipChildren();
    }
    if (!plain) {
      problems.add(Code.BAD_VALUE, source, "is a list of something else than single values");
      return Optional.empty();
    }
    return Optional.of(items);
  }

  private void put(String name, Given value) {
    if (values.put(name, value) != null) {
      problems.add(Code.GIVEN_TWICE, value.source(), "is given twice");
    }
  }

  private String line() {
    return at(file, parser);
  }

  private static String at(String file, JsonParser parser) {
    return file + " line " + parser.currentTokenLocation().getLineNr();
  }

  private static String at(String file, JsonProcessingException e) {
    var location = e.getLocation();
    return location == null ? file : file + " line " + location.getLineNr();
  }

  /** The parser's own words without the lines that quote the file, which may hold a password. */
  private static String sentence(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }
}
