/** What comes out: figures beside the original's and the goals. */
@NullMarked
package io.hayloft.bench.report;

import org.jspecify.annotations.NullMarked;
