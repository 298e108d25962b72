/**
 * Requests that come at the same time are carried out together: one statement, one transaction, one
 * sync of the database's log for all of them, and an outcome for each.
 */
@NullMarked
package io.hayloft.tracker.store.group;

import org.jspecify.annotations.NullMarked;
