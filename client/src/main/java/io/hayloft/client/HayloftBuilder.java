package io.hayloft.client;

import io.hayloft.client.net.World;
import java.util.List;
import java.util.Optional;

/** Collects what a {@link Hayloft} needs: at least the trackers and the domain. For one thread. */
public final class HayloftBuilder {

  private List<TrackerAddress> trackers = List.of();
  private String domain = "";
  private Optional<String> fileClass = Optional.empty();
  private Optional<String> zone = Optional.empty();
  private Timeouts timeouts = Timeouts.DEFAULT;
  private Limits limits = Limits.DEFAULT;
  private boolean checksumsVerified = true;
  private World world = World.real();

  HayloftBuilder() {}

  /** Trackers as {@code host} or {@code host:port}, separated by commas. */
  public HayloftBuilder trackers(String list) {
    return trackers(TrackerAddress.parseList(list));
  }

  public HayloftBuilder trackers(List<TrackerAddress> list) {
    trackers = List.copyOf(list);
    return this;
  }

  /** The domain whose files this client works with. */
  public HayloftBuilder domain(String name) {
    domain = name;
    return this;
  }

  /** The class of files stored without another being named. */
  public HayloftBuilder fileClass(String name) {
    fileClass = Optional.of(name);
    return this;
  }

  /** Which of the hosts' addresses to use: {@code alt} for the alternate ones. */
  public HayloftBuilder zone(String name) {
    zone = Optional.of(name);
    return this;
  }

  public HayloftBuilder timeouts(Timeouts values) {
    timeouts = values;
    return this;
  }

  public HayloftBuilder limits(Limits values) {
    limits = values;
    return this;
  }

  /**
   * Whether reading a whole file compares it with the checksum the trackers keep, where they keep
   * one; true unless said otherwise.
   */
  public HayloftBuilder checksumsVerified(boolean verified) {
    checksumsVerified = verified;
    return this;
  }

  HayloftBuilder world(World other) {
    world = other;
    return this;
  }

  /**
   * Makes the client. It connects only when it is used.
   *
   * @throws IllegalArgumentException when there is no tracker or no domain
   */
  public Hayloft build() {
    return new Hayloft(
        new ClientSettings(trackers, timeouts, limits, world),
        new Namespace(domain, fileClass, zone),
        ReadOptions.DEFAULT.checksumVerified(checksumsVerified));
  }
}
