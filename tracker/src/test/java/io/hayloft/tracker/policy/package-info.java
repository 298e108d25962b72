@NullMarked
package io.hayloft.tracker.policy;

import org.jspecify.annotations.NullMarked;
