package io.hayloft.schema.survey;

import java.util.List;
import java.util.Map;

/**
 * A table as the server describes it.
 *
 * @param engine as the server spells it; empty for a view
 * @param columns by name, in lower case
 * @param estimatedRows may be off by a factor, and costs nothing
 */
public record Table(
    String name,
    String engine,
    Map<String, Column> columns,
    List<Index> indexes,
    long estimatedRows) {

  public Table {
    columns = Map.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  /**
   * One column.
   *
   * @param type as in {@code int}
   * @param fullType as in {@code int(10) unsigned}
   * @param charset empty for what is no text
   * @param collation likewise
   * @param counted whether it counts up by itself
   */
  public record Column(
      String name,
      String type,
      String fullType,
      String charset,
      String collation,
      boolean counted) {}

  /** An index, its columns in their order. */
  public record Index(boolean unique, List<String> columns) {

    public Index {
      columns = List.copyOf(columns);
    }
  }

  /** Whether at most one row can have these values in these columns. */
  public boolean isUnique(List<String> named) {
    return indexes.stream().anyMatch(index -> index.unique() && index.columns().equals(named));
  }

  /** Whether rows can be found and ordered by these columns. */
  public boolean isIndexed(List<String> named) {
    return indexes.stream()
        .anyMatch(
            index ->
                index.columns().size() >= named.size()
                    && index.columns().subList(0, named.size()).equals(named));
  }
}
