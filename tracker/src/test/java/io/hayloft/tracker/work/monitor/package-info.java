/**
 * Tests of watching hosts and devices: what of them can be reached, read and written, and how full
 * they are.
 */
@NullMarked
package io.hayloft.tracker.work.monitor;

import org.jspecify.annotations.NullMarked;
