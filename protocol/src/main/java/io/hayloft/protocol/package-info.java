/**
 * The bytes on the tracker socket, as values: requests, replies, error words, file numbers and the
 * paths they are stored under. Nothing here does I/O.
 *
 * <p>Text on the wire is a string of bytes that nobody validates. It is held as a {@link String} in
 * which each {@code char} is one byte (ISO-8859-1), so that a key in any encoding comes back
 * exactly as it went in. {@link io.hayloft.protocol.Key} converts to and from text that people
 * read.
 */
@NullMarked
package io.hayloft.protocol;

import org.jspecify.annotations.NullMarked;
