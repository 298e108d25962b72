/** The command that measures; never part of a build. */
@NullMarked
package io.hayloft.bench;

import org.jspecify.annotations.NullMarked;
