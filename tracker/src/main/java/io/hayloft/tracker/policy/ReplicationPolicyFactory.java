package io.hayloft.tracker.policy;

/**
 * Makes a replication policy from what an operator wrote, {@code Name(arguments)}. The built-in
 * policies are made by such factories; further ones are found by {@link java.util.ServiceLoader}
 * when a tracker starts, in any jar on its class path that names them in {@code
 * META-INF/services/io.hayloft.tracker.policy.ReplicationPolicyFactory}.
 *
 * <p>Implementers owe a policy that is pure, as {@link ReplicationPolicy} says, and the same policy
 * for the same arguments: a text is read anew for each file.
 */
public interface ReplicationPolicyFactory {

  /** What stands before the parenthesis: a letter, then letters, digits and underscores. */
  String name();

  /**
   * @throws IllegalArgumentException when the arguments make no sense, with one line for whoever
   *     wrote them
   */
  ReplicationPolicy make(PolicyArguments arguments);
}
