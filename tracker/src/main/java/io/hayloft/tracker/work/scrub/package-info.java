/** What becomes of copies that storage nodes themselves have found to be damaged. */
@NullMarked
package io.hayloft.tracker.work.scrub;

import org.jspecify.annotations.NullMarked;
