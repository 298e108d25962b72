/** The tracker daemon: {@link io.hayloft.tracker.Tracker} puts all its parts together. */
@NullMarked
package io.hayloft.tracker;

import org.jspecify.annotations.NullMarked;
