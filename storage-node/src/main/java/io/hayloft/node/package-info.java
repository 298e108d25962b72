/** The storage node: plain files on plain filesystems, served over HTTP. Read StorageNode first. */
@NullMarked
package io.hayloft.node;

import org.jspecify.annotations.NullMarked;
