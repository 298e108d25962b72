/** What a tracker is asked for under load, and how each answer is checked. */
@NullMarked
package io.hayloft.bench.tracker.talk;

import org.jspecify.annotations.NullMarked;
