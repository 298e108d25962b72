/** Starting the parts of a process in order and ending it. */
@NullMarked
package io.hayloft.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
