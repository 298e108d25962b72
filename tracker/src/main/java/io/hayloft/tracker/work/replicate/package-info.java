/** Making copies: what is short of copies gets them, the surplus goes, never the last good one. */
@NullMarked
package io.hayloft.tracker.work.replicate;

import org.jspecify.annotations.NullMarked;
