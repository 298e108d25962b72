/** The line protocol on the node's second port: sizes, digests and disk utilization. */
@NullMarked
package io.hayloft.node.sidechannel;

import org.jspecify.annotations.NullMarked;
