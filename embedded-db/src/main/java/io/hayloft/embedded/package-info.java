/** A real database inside a development cluster or a test run: nothing to install. */
@NullMarked
package io.hayloft.embedded;

import org.jspecify.annotations.NullMarked;
