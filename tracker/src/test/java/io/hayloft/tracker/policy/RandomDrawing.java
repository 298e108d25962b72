package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Clusters with a file in them, drawn at random: zones, states and troubles of all kinds. */
public final class RandomDrawing {

  private static final List<String> DEVICE_WORDS =
      List.of(
          "",
          "",
          "",
          "",
          "",
          "",
          ":readonly",
          ":drain",
          ":down",
          ":dead",
          ":full",
          ":unwriteable",
          ":silent");
  private static final List<String> HOST_STATUSES = List.of("", "", "", "", ":down", ":readonly");
  private static final List<String> ZONES = List.of("@a", "@a", "@b", "@b", "@c", "@7", "");

  private RandomDrawing() {}

  /** In the notation of {@link Drawing}. */
  public static String text(Random random) {
    var hosts = new ArrayList<String>();
    int device = 1;
    for (int host = 1; host <= 1 + random.nextInt(7); host++) {
      var devices = new ArrayList<String>();
      for (int disk = 0; disk <= random.nextInt(4); disk++) {
        devices.add(device++ + (random.nextInt(4) == 0 ? "X" : "_") + pick(DEVICE_WORDS, random));
      }
      hosts.add(
          "h%d%s%s%s"
              .formatted(
                  host,
                  pick(ZONES, random),
                  pick(HOST_STATUSES, random),
                  devices.toString().replace(",", "")));
    }
    return String.join(" ", hosts);
  }

  public static String pick(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }

  /**
   * Whether a copy may be made there, said a second time: on a device that is alive, was written to
   * when it was last tried and has room, of a host that is alive and answers.
   */
  public static boolean isGoodDestination(Device device, ClusterView cluster) {
    return device.status() == DeviceStatus.ALIVE
        && cluster.observation(device.id()).reach() == Reach.WRITEABLE
        && device.space().orElseThrow().freeMb() >= 100
        && cluster.isReachable(device.host())
        && cluster.host(device.host()).orElseThrow().status() == HostStatus.ALIVE;
  }
}
