/**
 * What the tracker keeps for good, as ports: the rows behind files, uploads, copies, queues, leases
 * and what operators set up. The tables and SQL are in {@code store.jdbc}.
 *
 * <p>Each call is one transaction: it happens as a whole or not at all. Where the world fails, a
 * {@link io.hayloft.tracker.store.StoreException} says how. Times are unix seconds of the database.
 */
@NullMarked
package io.hayloft.tracker.store;

import org.jspecify.annotations.NullMarked;
