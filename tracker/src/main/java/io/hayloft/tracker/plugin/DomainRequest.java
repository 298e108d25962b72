package io.hayloft.tracker.plugin;

import io.hayloft.protocol.Arguments;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Domain;

/**
 * A request of a client about one domain, as plugins see it.
 *
 * @param arguments bytes, one per char; not yet looked at, so a key may be empty or too long
 * @param domain the one that the arguments name
 * @param cluster the view that the request is decided on
 */
public record DomainRequest(
    Arguments arguments, Domain domain, Caller caller, ClusterView cluster) {

  public String text(String argument) {
    return arguments.text(argument);
  }

  /** The same request with one argument more, or with another value for it. */
  public DomainRequest with(String argument, String value) {
    return new DomainRequest(arguments.with(argument, value), domain, caller, cluster);
  }

  public DomainRequest without(String argument) {
    return new DomainRequest(arguments.without(argument), domain, caller, cluster);
  }

  /** The same request for another domain. */
  public DomainRequest in(Domain other) {
    return new DomainRequest(arguments, other, caller, cluster);
  }
}
