/** The rules of the wire, each by example and, where it can be, for any text. */
@NullMarked
package io.hayloft.protocol;

import org.jspecify.annotations.NullMarked;
