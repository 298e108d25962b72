/** Whether a process is alive and ready, and why not. */
@NullMarked
package io.hayloft.runtime.health;

import org.jspecify.annotations.NullMarked;
