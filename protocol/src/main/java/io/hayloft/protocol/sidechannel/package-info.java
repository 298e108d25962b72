/** What is said on a storage node's second port, one line at a time. Values, no input or output. */
@NullMarked
package io.hayloft.protocol.sidechannel;

import org.jspecify.annotations.NullMarked;
