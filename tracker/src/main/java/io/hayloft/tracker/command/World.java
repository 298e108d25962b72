package io.hayloft.tracker.command;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.util.random.RandomGenerator;

/**
 * Threads, clock and chance, as commands need them.
 *
 * @param hostname the name of this tracker's machine
 * @param copies waits for the copies of files that were stored
 * @param places where requests wait without keeping others from being answered
 */
public record World(
    Tasks tasks,
    Time time,
    RandomGenerator random,
    String hostname,
    DurableCopies copies,
    Places places) {}
