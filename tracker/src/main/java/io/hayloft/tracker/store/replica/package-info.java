/**
 * Look-ups from read replicas of the database, as the settings {@code slave_*} name them. Which
 * replica is asked, which is left alone, and when the primary is asked after all is decided here;
 * the connections are {@code store.jdbc}'s.
 */
@NullMarked
package io.hayloft.tracker.store.replica;

import org.jspecify.annotations.NullMarked;
