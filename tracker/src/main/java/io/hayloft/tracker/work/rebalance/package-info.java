/** Moving files from some devices to others, without ever having fewer good copies meanwhile. */
@NullMarked
package io.hayloft.tracker.work.rebalance;

import org.jspecify.annotations.NullMarked;
