/**
 * The tables of the database: creating them, adopting those that MogileFS made, and telling whether
 * a program may work on them. The statements are in {@code db/migration}.
 */
@NullMarked
package io.hayloft.schema;

import org.jspecify.annotations.NullMarked;
