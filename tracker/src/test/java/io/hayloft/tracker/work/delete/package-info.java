/**
 * Tests of removing the bytes that nobody needs: of deleted files, and of uploads that never ended.
 */
@NullMarked
package io.hayloft.tracker.work.delete;

import org.jspecify.annotations.NullMarked;
