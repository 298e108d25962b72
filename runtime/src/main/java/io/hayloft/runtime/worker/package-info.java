/**
 * Background work: a worker does one bounded step at a time, a loop owns its thread, a crew keeps
 * as many loops of a job as are wanted.
 */
@NullMarked
package io.hayloft.runtime.worker;

import org.jspecify.annotations.NullMarked;
