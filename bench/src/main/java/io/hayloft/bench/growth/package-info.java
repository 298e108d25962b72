/** How an installation does when the number of its files grows. */
@NullMarked
package io.hayloft.bench.growth;

import org.jspecify.annotations.NullMarked;
