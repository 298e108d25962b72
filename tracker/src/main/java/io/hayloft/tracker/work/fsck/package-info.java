/** Checking that what the tables say is so on the disks, and mending what is not. */
@NullMarked
package io.hayloft.tracker.work.fsck;

import org.jspecify.annotations.NullMarked;
