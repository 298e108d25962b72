@NullMarked
package io.hayloft.tracker.model;

import org.jspecify.annotations.NullMarked;
