package io.hayloft.tracker.command;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.InsightStore.Depth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What to do first about an installation at risk. Pure: facts in, sentences out. */
final class RiskAdvice {

  /** Rows of a queue that are due for longer are not served as they should be. */
  private static final long LONG_WAIT = 900;

  /** A device that is not as it should be. */
  record Troubled(Device device, Optional<Host> host, Kind kind, String why) {

    /** What has to be dealt with, a device or its host. */
    enum Kind {
      WRONG_DISK,
      DISTRUSTED,
      HOST_SILENT,
      HOST_DEAD,
      HOST_DOWN,
      DEVICE_DOWN,
      DEVICE_SILENT
    }
  }

  /**
   * Files that lack copies.
   *
   * @param gone files without any copy that can be read
   * @param few files with fewer such copies than their class asks for, those that are gone not
   *     among them
   */
  record Lacking(long gone, long few) {}

  /**
   * What is known.
   *
   * @param check when all files were checked last
   */
  record Facts(
      Lacking files,
      SafeMode safeMode,
      List<Troubled> devices,
      Room room,
      List<Depth> queues,
      LastCheck check) {

    Facts {
      devices = List.copyOf(devices);
      queues = List.copyOf(queues);
    }
  }

  private RiskAdvice() {}

  /** The most urgent first; empty when there is nothing to do. */
  static List<String> of(Facts facts) {
    var advice = new ArrayList<String>();
    var mode = facts.safeMode();
    if (mode.on()) {
      advice.add(
          ("%d of %d devices are out of reach at once, so nothing is given up%s: look for what they"
                  + " have in common (network, power); what is lost for good, mark dead: hayloft"
                  + " device mark HOST DEVICE dead")
              .formatted(
                  mode.out().size(),
                  mode.considered(),
                  mode.overridden() ? " but for an operator's word" : ""));
    }
    for (var kind : Troubled.Kind.values()) {
      var alike = facts.devices().stream().filter(each -> each.kind() == kind).toList();
      switch (kind) {
        case WRONG_DISK, DISTRUSTED, DEVICE_DOWN, DEVICE_SILENT ->
            alike.forEach(each -> advice.add(ofDevice(each)));
        case HOST_SILENT, HOST_DEAD, HOST_DOWN -> advice.addAll(ofHosts(kind, alike));
      }
    }
    if (facts.room().isOut()) {
      facts.room().advice().ifPresent(advice::add);
    }
    if (facts.files().gone() > 0) {
      advice.add(
          "%d files have no copy that can be read: bring back the devices above; then: hayloft fsck start --quick"
              .formatted(facts.files().gone()));
    }
    advise(facts, advice);
    return List.copyOf(advice);
  }

  private static void advise(Facts facts, List<String> advice) {
    var replicate =
        facts.queues().stream().filter(each -> each.queue().equals("replicate")).findFirst();
    if (facts.files().few() > 0) {
      advice.add(ofFew(facts, replicate.filter(each -> each.rows() > each.stuck())));
    }
    for (var queue : facts.queues()) {
      if (queue.stuck() > 0) {
        advice.add(
            "%d files wait in the queue %s for a person, since no copy of them is known: hayloft fsck start --quick"
                .formatted(queue.stuck(), queue.queue()));
      }
      if (queue.waiting().orElse(0) > LONG_WAIT) {
        advice.add(
            "the queue %s is served too slowly, a file has waited for %d s: are its workers running (hayloft stats)?"
                .formatted(queue.queue(), queue.waiting().getAsLong()));
      }
    }
    if (!facts.room().isOut()) {
      facts.room().advice().ifPresent(advice::add);
    }
    advice.addAll(facts.check().advice());
  }

  /** Copies on devices that are merely away count on: a check would only wait for them. */
  private static String ofFew(Facts facts, Optional<Depth> queued) {
    if (queued.isPresent()) {
      return "%d files have too few copies; %d files are queued: wait, or see one: hayloft why KEY"
          .formatted(facts.files().few(), queued.get().rows());
    }
    return facts.devices().isEmpty()
        ? "%d files have too few copies and none is queued: hayloft fsck start --quick"
            .formatted(facts.files().few())
        : ("%d files have too few copies that can be read; they have more, or are copied again,"
                + " once the devices above are back or marked dead")
            .formatted(facts.files().few());
  }

  private static String ofDevice(Troubled each) {
    var id = each.device().id();
    var host = name(each);
    var what = "dev%s on %s: %s; ".formatted(id, host, each.why());
    var lost = "when it is lost for good: hayloft device mark %s dev%s dead".formatted(host, id);
    return switch (each.kind()) {
      case WRONG_DISK ->
          what + "put its own disk back, or: hayloft device accept-disk dev%s".formatted(id);
      case DISTRUSTED ->
          what
              + "look at the disk (the kernel's log), then have its node try it out: curl --data dev%s http://%s/-/check; "
                  .formatted(id, address(each))
              + lost;
      case DEVICE_DOWN ->
          what + "when it is back: hayloft device mark %s dev%s alive; ".formatted(host, id) + lost;
      case DEVICE_SILENT -> what + "start its storage node or look at the disk; " + lost;
      case HOST_SILENT, HOST_DEAD, HOST_DOWN ->
          throw new IllegalArgumentException("that is for its host: " + each);
    };
  }

  /** A sentence for each host, however many devices it has. */
  private static List<String> ofHosts(Troubled.Kind kind, List<Troubled> alike) {
    return alike.stream()
        .collect(groupingBy(RiskAdvice::name, LinkedHashMap::new, toList()))
        .entrySet()
        .stream()
        .map(host -> ofHost(kind, host.getKey(), devices(host.getValue())))
        .toList();
  }

  private static String ofHost(Troubled.Kind kind, String host, String devices) {
    var lost = "when it is lost for good: hayloft host mark %s dead --devices".formatted(host);
    return switch (kind) {
      case HOST_SILENT ->
          "host %s does not answer (%s): start its machine or its storage node; "
                  .formatted(host, devices)
              + lost;
      case HOST_DOWN ->
          "host %s is marked down (%s); when it is back: hayloft host mark %s alive; "
                  .formatted(host, devices, host)
              + lost;
      case HOST_DEAD ->
          ("host %s is marked dead and %s on it not, so their files are not copied again; when they"
                  + " are lost: hayloft host mark %s dead --devices")
              .formatted(host, devices, host);
      case WRONG_DISK, DISTRUSTED, DEVICE_DOWN, DEVICE_SILENT ->
          throw new IllegalArgumentException("that is for a device: " + kind);
    };
  }

  private static String devices(List<Troubled> devices) {
    return devices.stream().map(each -> "dev" + each.device().id()).collect(joining(", "));
  }

  private static String address(Troubled each) {
    return each.host().map(Host::addresses).map(at -> at.ip() + ":" + at.httpPort()).orElse("?");
  }

  private static String name(Troubled each) {
    return each.host().map(Host::name).orElse("?");
  }
}
