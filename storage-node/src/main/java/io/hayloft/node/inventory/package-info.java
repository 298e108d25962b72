/** What is on a device: its files in the order of their fids. */
@NullMarked
package io.hayloft.node.inventory;

import org.jspecify.annotations.NullMarked;
