/** The clock, passed to whatever needs it; {@code SystemTime} is the only code that reads one. */
@NullMarked
package io.hayloft.runtime.time;

import org.jspecify.annotations.NullMarked;
