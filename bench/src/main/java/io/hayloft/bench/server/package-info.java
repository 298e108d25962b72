/** The web servers that are compared, each a process of its own. */
@NullMarked
package io.hayloft.bench.server;

import org.jspecify.annotations.NullMarked;
