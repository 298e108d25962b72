/** Jetty as the daemons use it, and the small server that every process offers to its operators. */
@NullMarked
package io.hayloft.runtime.http;

import org.jspecify.annotations.NullMarked;
