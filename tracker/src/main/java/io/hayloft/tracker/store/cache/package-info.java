/**
 * Look-ups kept in memcached. What is kept there, and when it may be believed, is decided here;
 * {@code LookupCache} has the reasons. The bytes on the sockets are {@code store.memcached}'s.
 */
@NullMarked
package io.hayloft.tracker.store.cache;

import org.jspecify.annotations.NullMarked;
