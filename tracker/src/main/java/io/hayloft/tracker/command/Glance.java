package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import java.util.Optional;

/**
 * Answers a request in passing, on a thread that must not wait: without I/O, in some microseconds.
 * Empty where that cannot be done; then the command is carried out as any other.
 */
@FunctionalInterface
interface Glance {

  Optional<Reply> answer(Call call);
}
