@NullMarked
package io.hayloft.tracker.work.scrub;

import org.jspecify.annotations.NullMarked;
