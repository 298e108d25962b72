/**
 * What the tracker does by itself: watching the cluster, making copies, removing bytes that nobody
 * needs. Each job has a plan, which is pure and decides, beside a worker, which acts. Workers have
 * no threads and no timers; a crew calls their steps. Each job has a room of its own below this
 * one; here is what they share.
 */
@NullMarked
package io.hayloft.tracker.work;

import org.jspecify.annotations.NullMarked;
