package io.hayloft.tracker.policy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The replication policies that there are, by name. Reads a policy as an operator writes it: {@code
 * Name} or {@code Name(arguments)}, blanks allowed between; nothing at all means {@code
 * MultipleHosts()}. What follows the closing parenthesis is not looked at, as in the original,
 * except within the arguments of another policy.
 */
public final class ReplicationPolicies {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /** The original takes names of its own modules as well. */
  private static final String ORIGINAL_MODULES = "MogileFS::ReplicationPolicy::";

  private static final ReplicationPolicy USUAL = new MultipleHosts(OptionalInt.empty());

  private final Map<String, ReplicationPolicyFactory> known;

  private ReplicationPolicies(Map<String, ReplicationPolicyFactory> known) {
    this.known = Collections.unmodifiableMap(known);
  }

  /** What a text says. */
  public sealed interface Parsed {

    record Known(ReplicationPolicy policy) implements Parsed {}

    /**
     * @param reason one line for whoever wrote it
     */
    record Unknown(String reason) implements Parsed {}
  }

  private record BuiltIn(String name, Function<PolicyArguments, ReplicationPolicy> maker)
      implements ReplicationPolicyFactory {

    @Override
    public ReplicationPolicy make(PolicyArguments arguments) {
      return maker.apply(arguments);
    }
  }

  /** Those that every tracker has; a further one is a line here and a class beside it. */
  public static ReplicationPolicies builtIn() {
    var known = new TreeMap<String, ReplicationPolicyFactory>();
    Stream.of(
            new BuiltIn("MultipleHosts", given -> new MultipleHosts(given.copies())),
            new BuiltIn("MultipleDevices", given -> new MultipleDevices(given.copies())),
            new BuiltIn("MultipleNetworks", given -> new MultipleNetworks(given.copies())),
            new BuiltIn("HostsPerNetwork", HostsPerNetwork::of),
            new BuiltIn("Union", given -> new Union(given.policies())))
        .forEach(each -> known.put(each.name(), each));
    return new ReplicationPolicies(known);
  }

  /**
   * The built-in policies and those that are installed on the class path.
   *
   * @throws UnusablePolicyException when one of these cannot be used, with one line that says which
   *     and why. Files kept by a policy that is missing would not get their copies, so it is better
   *     not to start
   */
  public static ReplicationPolicies installed(ClassLoader loader) {
    try {
      return builtIn().and(ServiceLoader.load(ReplicationPolicyFactory.class, loader));
    } catch (ServiceConfigurationError e) {
      throw new UnusablePolicyException(
          "an installed replication policy cannot be loaded: " + e.getMessage(), e);
    }
  }

  /**
   * These and further ones.
   *
   * @throws UnusablePolicyException when a name is taken, or is none
   */
  public ReplicationPolicies and(Iterable<ReplicationPolicyFactory> further) {
    var all = new TreeMap<>(known);
    for (var factory : further) {
      var name = Objects.toString(factory.name(), "");
      if (!NAME.matcher(name).matches()) {
        throw new UnusablePolicyException(
            "the installed replication policy of %s has no usable name: '%s'"
                .formatted(factory.getClass().getName(), name));
      }
      var other = all.putIfAbsent(name, new Installed(factory));
      if (other != null) {
        throw new UnusablePolicyException(
            "the replication policy '%s' of %s is there already: %s"
                .formatted(
                    name,
                    factory.getClass().getName(),
                    other instanceof Installed(var first)
                        ? first.getClass().getName()
                        : "it is built in"));
      }
    }
    return new ReplicationPolicies(all);
  }

  /** Their names, in alphabetical order. */
  public List<String> names() {
    return List.copyOf(known.keySet());
  }

  public Parsed parse(String text) {
    if (text.isBlank()) {
      return new Parsed.Known(USUAL);
    }
    try {
      return new Parsed.Known(make(PolicyText.read(text)));
    } catch (IllegalArgumentException e) {
      return new Parsed.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private ReplicationPolicy make(PolicyText text) {
    var name =
        text.name().startsWith(ORIGINAL_MODULES)
            ? text.name().substring(ORIGINAL_MODULES.length())
            : text.name();
    var factory = known.get(name);
    if (factory == null) {
      throw new IllegalArgumentException(
          "no replication policy '" + name + "'; there are " + String.join(", ", names()));
    }
    return factory.make(new PolicyArguments(text.arguments(), this::member));
  }

  private ReplicationPolicy member(String argument) {
    var text = PolicyText.read(argument);
    if (!text.rest().isEmpty()) {
      throw new IllegalArgumentException(
          "a comma is missing before '" + text.rest() + "' in '" + argument + "'");
    }
    return make(text);
  }
}
