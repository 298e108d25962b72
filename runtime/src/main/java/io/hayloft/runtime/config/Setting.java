package io.hayloft.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of a component's configuration; stands on a component of its record. A
 * component that is itself a record is a group of keys and carries no default.
 *
 * <p>The component {@code minFreeSpaceMb} in the group {@code placement} is the key {@code
 * placement.min_free_space_mb} in a file, {@code HAYLOFT_PLACEMENT_MIN_FREE_SPACE_MB} in the
 * environment and {@code --placement-min-free-space-mb} as a flag.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** One sentence for the person who sets it, with the unit. */
  String doc();

  /** The value where none is given, written as in a file; empty for none. */
  String byDefault() default "";

  /** Whether the component cannot run without a value. */
  boolean required() default false;

  /** Whether the value must not be shown: passwords. */
  boolean secret() default false;

  /** The least number (or count, or milliseconds of a duration) that makes sense. */
  long min() default Long.MIN_VALUE;

  /** The greatest number that makes sense. */
  long max() default Long.MAX_VALUE;
}
