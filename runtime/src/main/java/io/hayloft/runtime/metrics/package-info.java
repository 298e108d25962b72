/** What a process counts and times, for Prometheus. */
@NullMarked
package io.hayloft.runtime.metrics;

import org.jspecify.annotations.NullMarked;
