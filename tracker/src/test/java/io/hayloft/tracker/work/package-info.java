@NullMarked
package io.hayloft.tracker.work;

import org.jspecify.annotations.NullMarked;
