@NullMarked
package io.hayloft.tracker;

import org.jspecify.annotations.NullMarked;
