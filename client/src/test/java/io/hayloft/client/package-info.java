/** Tests against trackers and storage nodes that misbehave by plan, over real sockets. */
@NullMarked
package io.hayloft.client;

import org.jspecify.annotations.NullMarked;
