/** The node's HTTP port: methods, ranges, conditions, error pages, and bodies by sendfile. */
@NullMarked
package io.hayloft.node.http;

import org.jspecify.annotations.NullMarked;
