package io.hayloft.schema;

import java.util.List;

/**
 * What was done to a database.
 *
 * @param adopted whether the tables of MogileFS were there already and were left as they are
 * @param applied versions of the migrations that were run; empty when there was nothing to do
 */
public record MigrationResult(boolean adopted, List<String> applied) {

  public MigrationResult {
    applied = List.copyOf(applied);
  }
}
