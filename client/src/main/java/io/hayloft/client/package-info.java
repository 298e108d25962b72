/**
 * The Java client of Hayloft and MogileFS: {@link io.hayloft.client.Hayloft} keeps and reads files.
 */
@NullMarked
package io.hayloft.client;

import org.jspecify.annotations.NullMarked;
