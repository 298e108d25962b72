/** What the tracker asks of storage nodes, as a port; over HTTP in {@code node.http}. */
@NullMarked
package io.hayloft.tracker.node;

import org.jspecify.annotations.NullMarked;
