/**
 * Whether what many were told at the same time is what one after the other could have been told.
 */
@NullMarked
package io.hayloft.tracker.linear;

import org.jspecify.annotations.NullMarked;
