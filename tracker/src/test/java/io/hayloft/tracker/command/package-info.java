@NullMarked
package io.hayloft.tracker.command;

import org.jspecify.annotations.NullMarked;
