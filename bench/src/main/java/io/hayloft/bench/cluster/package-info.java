/** An installation of real processes on this machine. */
@NullMarked
package io.hayloft.bench.cluster;

import org.jspecify.annotations.NullMarked;
