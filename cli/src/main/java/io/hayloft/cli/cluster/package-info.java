/** A whole cluster of processes on this machine, started with one command and ended with it. */
@NullMarked
package io.hayloft.cli.cluster;

import org.jspecify.annotations.NullMarked;
