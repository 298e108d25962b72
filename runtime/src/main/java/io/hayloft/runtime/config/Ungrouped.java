package io.hayloft.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Stands on a component that is a record and lends its keys no name: they are keys of the group
 * around it. For what belongs together in the code and has short names for the operator.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Ungrouped {}
