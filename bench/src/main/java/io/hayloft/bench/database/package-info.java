/** The one room of the benchmarks with SQL: files laid down in bulk, and what became of them. */
@NullMarked
package io.hayloft.bench.database;

import org.jspecify.annotations.NullMarked;
