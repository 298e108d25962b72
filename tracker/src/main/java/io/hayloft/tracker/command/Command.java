package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;

/** What is done for a request. May throw {@link Refused} wherever it finds a reason to. */
@FunctionalInterface
interface Command {

  Reply answer(Call call) throws InterruptedException;
}
