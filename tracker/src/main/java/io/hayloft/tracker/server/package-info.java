/**
 * The tracker's socket: lines in, lines out, many connections, no thread for one that is idle. What
 * the lines mean is the business of {@link io.hayloft.tracker.command.Commands}; lines for
 * operators are answered by {@link io.hayloft.tracker.server.Console}.
 */
@NullMarked
package io.hayloft.tracker.server;

import org.jspecify.annotations.NullMarked;
