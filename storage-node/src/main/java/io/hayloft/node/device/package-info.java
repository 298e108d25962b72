/** The disks of a node: which there are, how full and how busy they are. */
@NullMarked
package io.hayloft.node.device;

import org.jspecify.annotations.NullMarked;
