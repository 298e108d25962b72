/**
 * A real database inside a development cluster or a test run: nothing to install. And free ports,
 * which it needs as do all who start servers there.
 */
@NullMarked
package io.hayloft.embedded;

import org.jspecify.annotations.NullMarked;
