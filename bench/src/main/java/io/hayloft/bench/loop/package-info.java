/**
 * A load generator of our own, for one thread: many connections, each of which always has one
 * request under way. It makes no objects for a request, so that it costs less than what it asks.
 */
@NullMarked
package io.hayloft.bench.loop;

import org.jspecify.annotations.NullMarked;
