@NullMarked
package io.hayloft.tracker.store.memcached;

import org.jspecify.annotations.NullMarked;
