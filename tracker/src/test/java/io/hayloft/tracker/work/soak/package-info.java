/**
 * Everything at the same time: all background work on the same few files, with things going wrong.
 */
@NullMarked
package io.hayloft.tracker.work.soak;

import org.jspecify.annotations.NullMarked;
