package io.hayloft.schema;

import java.util.List;

/**
 * What was found in a database.
 *
 * @param migrations all that this version knows, in their order
 * @param detail what else a person wants to know of the state; may be empty
 */
public record SchemaStatus(State state, String detail, List<Migration> migrations) {

  /** What a database is, to us. */
  public enum State {
    /** Nothing is in it: it will get all tables. */
    EMPTY,
    /** A MogileFS database of the version that can be taken over as it is. */
    ADOPTABLE,
    /** Ours, and some migrations are yet to be applied. */
    BEHIND,
    /** As this version wants it. */
    CURRENT,
    /** Ours, and migrated by a newer version than this one. */
    NEWER,
    /** A MogileFS database of another schema version. */
    OTHER_VERSION,
    /** Somebody else's tables. */
    FOREIGN
  }

  /** A step from one form of the tables to the next. */
  public record Migration(String version, String description, boolean applied) {}

  public SchemaStatus {
    migrations = List.copyOf(migrations);
  }

  /** Whether {@link Schema#migrate} may touch it. */
  public boolean migratable() {
    return switch (state) {
      case EMPTY, ADOPTABLE, BEHIND, CURRENT -> true;
      case NEWER, OTHER_VERSION, FOREIGN -> false;
    };
  }
}
