/**
 * What Hayloft's own trackers ask of the node beyond GET, PUT, HEAD and DELETE: lists of files to
 * copy, delete, look at and digest. {@code docs/node-protocol.md} has the words. Nothing here knows
 * the HTTP server; nothing here waits on a thread that others wait for.
 */
@NullMarked
package io.hayloft.node.requests;

import org.jspecify.annotations.NullMarked;
