package io.hayloft.runtime.worker;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.util.random.RandomGenerator;

/** What a loop needs of the world. */
record LoopSupport(
    Tasks tasks, Time time, RandomGenerator random, StepMeter meter, RepeatedCauses causes) {}
