/** What the node asks of Linux beyond what the JDK offers. */
@NullMarked
package io.hayloft.node.kernel;

import org.jspecify.annotations.NullMarked;
