/**
 * Sockets with deadlines, and just enough HTTP to move a file to or from a storage node. Not part
 * of the library's API: nothing here is promised to applications.
 */
@NullMarked
package io.hayloft.client.net;

import org.jspecify.annotations.NullMarked;
