@NullMarked
package io.hayloft.tracker.plugin;

import org.jspecify.annotations.NullMarked;
