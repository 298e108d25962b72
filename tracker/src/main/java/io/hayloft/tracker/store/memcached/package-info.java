/** Servers of memcached, spoken to by a library: the only package that knows it. */
@NullMarked
package io.hayloft.tracker.store.memcached;

import org.jspecify.annotations.NullMarked;
