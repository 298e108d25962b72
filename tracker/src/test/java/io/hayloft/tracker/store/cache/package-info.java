@NullMarked
package io.hayloft.tracker.store.cache;

import org.jspecify.annotations.NullMarked;
