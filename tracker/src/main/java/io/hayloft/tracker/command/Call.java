package io.hayloft.tracker.command;

import io.hayloft.protocol.Arguments;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.plugin.DomainRequest;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.plugin.Opinion;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.store.StoreException;
import java.util.Optional;
import java.util.function.Function;

/**
 * One request while it is being answered: its arguments, who asks, and the view of the cluster that
 * the answer is decided on. Not shared between threads.
 *
 * <p>What the view does not know may just have been created through another tracker; so a miss
 * reads the database once, for the whole request, before it counts as one.
 */
final class Call {

  private Arguments arguments;
  private final Caller caller;
  private final Cluster cluster;
  private ClusterView view;
  private boolean isFresh;

  Call(Arguments arguments, String clientIp, Cluster cluster) {
    this.arguments = arguments;
    this.caller = new Caller(clientIp, arguments.text("zone").equals("alt"));
    this.cluster = cluster;
    this.view = cluster.view();
  }

  Arguments arguments() {
    return arguments;
  }

  String text(String name) {
    return arguments.text(name);
  }

  boolean flag(String name) {
    return arguments.flag(name);
  }

  Caller caller() {
    return caller;
  }

  ClusterView view() {
    return view;
  }

  /** The view as of now, for commands that change what they see there. */
  ClusterView fresh() {
    if (!isFresh) {
      view = cluster.reread();
      isFresh = true;
    }
    return view;
  }

  /** Looks something up in the view, and once more in a fresh one where it is not there. */
  <T> Optional<T> find(Function<ClusterView, Optional<T>> lookUp) {
    var found = lookUp.apply(view);
    return found.isPresent() || isFresh ? found : lookUp.apply(fresh());
  }

  /**
   * As {@link #find}, for what an answer can do without: while the database is away, what is not in
   * the view is not found.
   */
  <T> Optional<T> findIfPossible(Function<ClusterView, Optional<T>> lookUp) {
    try {
      return find(lookUp);
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /** The domain that a file command names. */
  Domain domain() {
    return domain(ErrorCode.UNREG_DOMAIN);
  }

  /** The domain that a file command names, after plugins have had their say on the request. */
  Domain domain(Plugins plugins, Occasion occasion) throws InterruptedException {
    var domain = domain();
    return switch (plugins.ask(occasion, in(domain))) {
      case Opinion.None() -> domain;
      case Opinion.Rewritten(var request) -> {
        arguments = request.arguments();
        yield request.domain();
      }
      case Opinion.Veto(var reason) ->
          throw reason.isEmpty()
              ? new Refused(ErrorCode.PLUGIN_ABORTED)
              : new Refused(ErrorCode.PLUGIN_ABORTED, reason);
    };
  }

  /** The domain that a file command names, if the view that is at hand knows it. */
  Optional<Domain> domainAtHand() {
    return view.registry().domain(text("domain"));
  }

  /** This request as plugins see it now. */
  DomainRequest in(Domain domain) {
    return new DomainRequest(arguments, domain, caller, view);
  }

  Domain domain(ErrorCode whenUnknown) {
    var name = text("domain");
    if (name.isEmpty()) {
      throw new Refused(ErrorCode.NO_DOMAIN);
    }
    return find(view -> view.registry().domain(name)).orElseThrow(() -> new Refused(whenUnknown));
  }

  Key key() {
    return key("key");
  }

  /**
   * The key that an argument names: any bytes, {@code 0} included, but not none and not too many.
   */
  Key key(String argument) {
    return optionalKey(argument).orElseThrow(() -> new Refused(ErrorCode.NO_KEY));
  }

  /** As {@link #key}, where a request may also come without. */
  Optional<Key> optionalKey(String argument) {
    var wire = text(argument);
    if (wire.length() > Key.MAX_BYTES) {
      throw new Refused(ErrorCode.KEY_TOO_LONG);
    }
    return wire.isEmpty() ? Optional.empty() : Optional.of(new Key(wire));
  }

  /** The key that an argument names, if it is as it should be. */
  Optional<Key> keyAtHand(String argument) {
    var wire = text(argument);
    return wire.isEmpty() || wire.length() > Key.MAX_BYTES
        ? Optional.empty()
        : Optional.of(new Key(wire));
  }

  /** The fid in an argument; empty when it is not a number that a fid can be. */
  Optional<Fid> fid(String argument) {
    return digits(argument, Long.MAX_VALUE).map(Fid::new);
  }

  /** The device in an argument; empty when it is not a number that a device can have. */
  Optional<DeviceId> device(String argument) {
    return digits(argument, DeviceId.MAX).map(number -> new DeviceId(number.intValue()));
  }

  /** A number of decimal digits from 1 to a limit. */
  Optional<Long> digits(String argument, long max) {
    var text = text(argument);
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    long number = arguments.number(argument);
    return number < 1 || number > max || number == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(number);
  }
}
