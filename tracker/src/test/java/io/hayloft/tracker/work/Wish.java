package io.hayloft.tracker.work;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a built-in policy wants, said as plainly as can be: for a test to hold the policy to. */
public sealed interface Wish {

  /** As an operator writes it. */
  String policy();

  /** How many copies that is. */
  int copies();

  /** Whether the copies have among them all that is wanted. */
  boolean isMet(ClusterView cluster, List<Device> copies);

  record Devices(int copies) implements Wish {
    @Override
    public String policy() {
      return "MultipleDevices(" + copies + ")";
    }

    @Override
    public boolean isMet(ClusterView cluster, List<Device> on) {
      return on.size() >= copies || isEverywhere(cluster, on, device -> true);
    }
  }

  record Hosts(int copies) implements Wish {
    @Override
    public String policy() {
      return "MultipleHosts(" + copies + ")";
    }

    @Override
    public boolean isMet(ClusterView cluster, List<Device> on) {
      return isSpread(cluster, on, copies, device -> true);
    }
  }

  record Networks(int copies) implements Wish {
    @Override
    public String policy() {
      return "MultipleNetworks(" + copies + ")";
    }

    @Override
    public boolean isMet(ClusterView cluster, List<Device> on) {
      if (isEverywhere(cluster, on, device -> true)) {
        return true;
      }
      Function<Device, String> network =
          device ->
              cluster
                  .host(device.host())
                  .orElseThrow()
                  .addresses()
                  .ip()
                  .replaceFirst("\\.[0-9]+\\.[0-9]+$", "");
      return isSpread(cluster, on, copies, device -> true)
          && different(on.stream(), network)
              >= Math.min(copies, different(alive(cluster), network));
    }
  }

  record Zones(int inA, int inB) implements Wish {
    @Override
    public String policy() {
      return "HostsPerNetwork(a=%d, b=%d)".formatted(inA, inB);
    }

    @Override
    public int copies() {
      return inA + inB;
    }

    @Override
    public boolean isMet(ClusterView cluster, List<Device> on) {
      return isSpread(cluster, on, inA, device -> cluster.zoneOf(device).orElse("").equals("a"))
          && isSpread(cluster, on, inB, device -> cluster.zoneOf(device).orElse("").equals("b"));
    }
  }

  private static boolean isSpread(
      ClusterView cluster, List<Device> copies, int wanted, Predicate<Device> where) {
    var on = copies.stream().filter(where).toList();
    return isEverywhere(cluster, on, where)
        || (on.size() >= wanted
            && different(on.stream(), Device::host)
                >= Math.min(wanted, different(alive(cluster).filter(where), Device::host)));
  }

  private static boolean isEverywhere(
      ClusterView cluster, List<Device> on, Predicate<Device> where) {
    long disks =
        cluster.devices().stream()
            .filter(device -> device.status() != DeviceStatus.DEAD)
            .filter(where)
            .count();
    return on.size() >= 2 && on.size() == disks;
  }

  private static Stream<Device> alive(ClusterView cluster) {
    return cluster.devices().stream().filter(device -> device.status() == DeviceStatus.ALIVE);
  }

  private static <T> long different(Stream<Device> devices, Function<Device, T> what) {
    return devices.map(what).distinct().count();
  }

  /** One, or several for a union. */
  static List<Wish> some(Random random) {
    var wishes = new ArrayList<Wish>();
    int number = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1;
    while (wishes.size() < number) {
      int copies = 1 + random.nextInt(4);
      wishes.add(
          switch (random.nextInt(4)) {
            case 0 -> new Devices(copies);
            case 1 -> new Hosts(copies);
            case 2 -> new Networks(copies);
            default -> new Zones(1 + random.nextInt(2), 1 + random.nextInt(2));
          });
    }
    return wishes;
  }
}
