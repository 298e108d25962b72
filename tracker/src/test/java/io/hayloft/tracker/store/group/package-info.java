@NullMarked
package io.hayloft.tracker.store.group;

import org.jspecify.annotations.NullMarked;
