@NullMarked
package io.hayloft.tracker.node;

import org.jspecify.annotations.NullMarked;
