/** The demonstration: a whole cluster, a disk of files, a node killed, and every byte compared. */
@NullMarked
package io.hayloft.cli.demo;

import org.jspecify.annotations.NullMarked;
