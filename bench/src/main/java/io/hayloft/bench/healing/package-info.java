/** What is measured of self-healing, one class for each job. */
@NullMarked
package io.hayloft.bench.healing;

import org.jspecify.annotations.NullMarked;
