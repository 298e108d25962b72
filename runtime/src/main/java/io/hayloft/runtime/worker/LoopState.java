package io.hayloft.runtime.worker;

import java.time.Duration;
import java.time.Instant;

/**
 * How a loop is getting on.
 *
 * @param inStep whether it is in a step; it rests otherwise
 * @param since when that step began, or when the last one ended
 * @param silentFor the time since then
 * @param steps how many it has ended
 * @param failures how many of the last ones failed in a row
 */
public record LoopState(
    long id, boolean inStep, Instant since, Duration silentFor, long steps, int failures) {}
