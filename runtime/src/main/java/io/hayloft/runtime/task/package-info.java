/** Doing things at the same time: the only code that starts threads. */
@NullMarked
package io.hayloft.runtime.task;

import org.jspecify.annotations.NullMarked;
