package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A policy that is not one of ours, held to what {@link ReplicationPolicy} promises: it may be
 * wrong about what it wants, but a copy over an existing one, or to a device that takes none, is
 * never made on its word.
 */
record Installed(ReplicationPolicyFactory factory) implements ReplicationPolicyFactory {

  @Override
  public String name() {
    return factory.name();
  }

  @Override
  public ReplicationPolicy make(PolicyArguments arguments) {
    try {
      return new Held(Objects.requireNonNull(factory.make(arguments), "it made nothing"));
    } catch (IllegalArgumentException reason) {
      throw reason;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("policy '" + name() + "' failed: " + e, e);
    }
  }

  private record Held(ReplicationPolicy policy) implements ReplicationPolicy {

    @Override
    public Placement place(Situation situation, RandomGenerator random) {
      return switch (policy.place(situation, random)) {
        case Placement.Wanted(var ideal, var desperate) -> {
          var open = new HashSet<>(situation.candidates());
          var best = possible(ideal, open);
          var other = possible(desperate, open);
          yield best.isEmpty() && other.isEmpty()
              ? new Placement.Impossible()
              : new Placement.Wanted(best, other);
        }
        case Placement said -> said;
      };
    }

    private static List<Device> possible(List<Device> devices, Set<Device> open) {
      return devices.stream().filter(open::contains).toList();
    }

    @Override
    public DeviceId leastNeeded(Situation situation, RandomGenerator random) {
      return policy.leastNeeded(situation, random);
    }
  }
}
