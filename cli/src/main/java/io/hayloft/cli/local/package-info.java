/** Files of this machine that go into the store, and the keys they get. */
@NullMarked
package io.hayloft.cli.local;

import org.jspecify.annotations.NullMarked;
