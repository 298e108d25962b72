@NullMarked
package io.hayloft.tracker.store.replica;

import org.jspecify.annotations.NullMarked;
