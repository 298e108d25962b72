/** The daemons as commands: their configuration, their start, their end. */
@NullMarked
package io.hayloft.cli.daemon;

import org.jspecify.annotations.NullMarked;
