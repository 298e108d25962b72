/**
 * What clients may ask of a tracker: one small class per family of commands, and {@link
 * io.hayloft.tracker.command.Commands} that finds the one for a request and turns whatever happens
 * into a reply. Knows no socket, no SQL and no clock.
 */
@NullMarked
package io.hayloft.tracker.command;

import org.jspecify.annotations.NullMarked;
