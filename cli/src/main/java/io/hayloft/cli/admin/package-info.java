/** The commands for an installation, with the words of the original's {@code mogadm}. */
@NullMarked
package io.hayloft.cli.admin;

import org.jspecify.annotations.NullMarked;
