package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Copies on devices with even numbers: a policy as somebody else might install it. {@code rude} as
 * an argument makes it propose what it must not.
 */
public final class EvenDevices implements ReplicationPolicyFactory {

  @Override
  public String name() {
    return "EvenDevices";
  }

  @Override
  public ReplicationPolicy make(PolicyArguments arguments) {
    return switch (arguments.texts().isEmpty() ? "" : arguments.texts().getFirst()) {
      case "rude" -> EvenDevices::everywhere;
      case "broken" -> throw new UnsupportedOperationException("not on a Sunday");
      default -> new Even(arguments.copies().orElse(1));
    };
  }

  private static Placement everywhere(Situation situation, RandomGenerator random) {
    return new Placement.Wanted(situation.disks(), situation.copies());
  }

  private record Even(int wanted) implements ReplicationPolicy {

    @Override
    public Placement place(Situation situation, RandomGenerator random) {
      long even =
          situation.copies().stream().filter(device -> device.id().value() % 2 == 0).count();
      if (even >= wanted) {
        return even < situation.copies().size() || even > wanted
            ? new Placement.Excess()
            : new Placement.Satisfied();
      }
      var open =
          situation.candidates().stream().filter(device -> device.id().value() % 2 == 0).toList();
      return Placement.wanted(open, List.of(), true);
    }

    @Override
    public DeviceId leastNeeded(Situation situation, RandomGenerator random) {
      return situation.copies().stream()
          .map(Device::id)
          .min(Comparator.comparingInt(id -> id.value() % 2 == 0 ? 1 : 0))
          .orElseThrow();
    }
  }
}
