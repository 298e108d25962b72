/**
 * Storage nodes over HTTP, as the original tracker speaks to them, so that any program that stores
 * files by PUT will do. Digests are asked for on the nodes' side channel where they have one.
 */
@NullMarked
package io.hayloft.tracker.node.http;

import org.jspecify.annotations.NullMarked;
