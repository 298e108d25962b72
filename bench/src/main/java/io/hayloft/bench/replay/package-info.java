/** Recorded accesses as a load: keys, sizes and times come from a log. */
@NullMarked
package io.hayloft.bench.replay;

import org.jspecify.annotations.NullMarked;
