/** What the tracker knows, as immutable values: hosts, devices, domains, classes, files. No I/O. */
@NullMarked
package io.hayloft.tracker.model;

import org.jspecify.annotations.NullMarked;
