/** The storage node beside nginx. */
@NullMarked
package io.hayloft.bench.node;

import org.jspecify.annotations.NullMarked;
