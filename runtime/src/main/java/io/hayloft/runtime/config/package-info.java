/**
 * Configuration: an immutable record per component, read from a file, the environment and flags.
 */
@NullMarked
package io.hayloft.runtime.config;

import org.jspecify.annotations.NullMarked;
