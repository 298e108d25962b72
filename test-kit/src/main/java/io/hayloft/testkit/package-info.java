/** What the tests of several modules share. */
@NullMarked
package io.hayloft.testkit;

import org.jspecify.annotations.NullMarked;
