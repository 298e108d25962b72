/** What is measured of a tracker: how fast it answers, and what an answer costs. */
@NullMarked
package io.hayloft.bench.tracker;

import org.jspecify.annotations.NullMarked;
