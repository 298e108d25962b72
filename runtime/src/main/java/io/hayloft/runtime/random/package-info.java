/** Chance, passed to whatever needs it, so that a test can give a seed. */
@NullMarked
package io.hayloft.runtime.random;

import org.jspecify.annotations.NullMarked;
