/** Arithmetic of measuring: processor time, memory, medians and percentiles. */
@NullMarked
package io.hayloft.bench.measure;

import org.jspecify.annotations.NullMarked;
