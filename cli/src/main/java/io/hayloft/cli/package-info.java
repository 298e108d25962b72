/** The one command, {@code hayloft}: how its parts are put together and how it ends. */
@NullMarked
package io.hayloft.cli;

import org.jspecify.annotations.NullMarked;
