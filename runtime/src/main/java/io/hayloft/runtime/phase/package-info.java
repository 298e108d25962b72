/** What the time of a request goes into: its own work, or waiting for somebody. */
@NullMarked
package io.hayloft.runtime.phase;

import org.jspecify.annotations.NullMarked;
