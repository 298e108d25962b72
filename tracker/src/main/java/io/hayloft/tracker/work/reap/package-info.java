/** Forgetting what was on dead devices, so that it is copied anew elsewhere. */
@NullMarked
package io.hayloft.tracker.work.reap;

import org.jspecify.annotations.NullMarked;
