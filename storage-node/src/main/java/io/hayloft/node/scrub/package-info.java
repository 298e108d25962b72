/** How a node finds out by itself which of its files are damaged, and tells of them. */
@NullMarked
package io.hayloft.node.scrub;

import org.jspecify.annotations.NullMarked;
