@NullMarked
package io.hayloft.tracker.server;

import org.jspecify.annotations.NullMarked;
