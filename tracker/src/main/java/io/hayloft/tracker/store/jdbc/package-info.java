/**
 * The ports of {@code store} on MySQL and MariaDB: the only place with SQL.
 *
 * <p>How it is made:
 *
 * <ul>
 *   <li>Every call is one transaction at READ COMMITTED. It is run again, a bounded number of
 *       times, when it lost against another one, which a cluster of databases says only at commit.
 *   <li>Times are the database's; rows are taken by moving their {@code nexttry}, never by named
 *       locks, which the nodes of a cluster do not share.
 *   <li>Text goes over connections in latin1, one char per byte, as the original's does. So keys
 *       are the same bytes in a column of bytes and the same text in a column of text.
 *   <li>Where several rows are locked it is in the order of their fids, and in the order of the
 *       tables tempfile, file, file_to_delete2, file_on, the rest.
 * </ul>
 */
@NullMarked
package io.hayloft.tracker.store.jdbc;

import org.jspecify.annotations.NullMarked;
