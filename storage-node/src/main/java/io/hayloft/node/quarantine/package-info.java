/** What trackers ask about files that are out of the way, and how these end. */
@NullMarked
package io.hayloft.node.quarantine;

import org.jspecify.annotations.NullMarked;
