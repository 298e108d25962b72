package io.hayloft.tracker.command;

import java.util.List;
import java.util.SortedMap;

/**
 * The background jobs of this tracker, as commands and operators see them. Implementers owe that no
 * call waits for a worker.
 */
public interface Jobs {

  String DELETE = "delete";
  String FSCK = "fsck";

  /** What moves long runs on: checks, and moves by a policy. */
  String MASTER = "job_master";

  String REPLICATE = "replicate";

  /**
   * The workers of one job.
   *
   * @param desired how many workers there should be
   * @param workers the ids of those that run, ascending
   */
  record Staff(int desired, List<Long> workers) {}

  /**
   * What this tracker has to do with a queue in the database.
   *
   * @param underWay what workers have taken and not done with
   * @param taken what they have taken since the start
   */
  record Load(long underWay, long taken) {}

  /** All jobs by name. */
  SortedMap<String, Staff> crews();

  /** The queues that anything was taken from, by name. */
  SortedMap<String, Load> loads();

  /** Sets how many workers a job has; nothing happens where there is no such job. */
  void want(int count, String job);

  /**
   * Hands workers a message.
   *
   * @return how many workers it reached
   */
  int send(String job, String message);

  /** There is work for that job: ends the rests of its workers. */
  void wake(String job);
}
