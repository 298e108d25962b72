/** Which cluster a command talks to, and as which domain: options, environment, files. */
@NullMarked
package io.hayloft.cli.session;

import org.jspecify.annotations.NullMarked;
