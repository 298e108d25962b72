/** Where measurements write. */
@NullMarked
package io.hayloft.bench.scratch;

import org.jspecify.annotations.NullMarked;
