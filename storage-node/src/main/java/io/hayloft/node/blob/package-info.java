/** How bytes become durable files, and how they are read back. */
@NullMarked
package io.hayloft.node.blob;

import org.jspecify.annotations.NullMarked;
