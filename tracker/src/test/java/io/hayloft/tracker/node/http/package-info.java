@NullMarked
package io.hayloft.tracker.node.http;

import org.jspecify.annotations.NullMarked;
