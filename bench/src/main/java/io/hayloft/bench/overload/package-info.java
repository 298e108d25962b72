/** What becomes of a tracker that is asked for more than it can do, or has a slow database. */
@NullMarked
package io.hayloft.bench.overload;

import org.jspecify.annotations.NullMarked;
