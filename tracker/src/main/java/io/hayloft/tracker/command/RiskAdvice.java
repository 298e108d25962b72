package io.hayloft.tracker.command;

import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.InsightStore.Depth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What to do first about an installation at risk. Pure: facts in, sentences out. */
final class RiskAdvice {

  /** Rows of a queue that are due for longer are not served as they should be. */
  private static final long LONG_WAIT = 900;

  /** A device that is not as it should be. */
  record Troubled(Device device, Optional<Host> host, boolean refused, String why) {}

  /**
   * What is known.
   *
   * @param gone files without any copy that can be read
   * @param few files with fewer such copies than their class asks for, those that are gone not
   *     among them
   * @param checked whether all files were ever checked
   */
  record Facts(
      long gone,
      long few,
      SafeMode safeMode,
      List<Troubled> devices,
      List<Depth> queues,
      boolean checked) {

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
                  + " have in common (network, power); what is lost for good, mark dead one by one")
              .formatted(
                  mode.out().size(),
                  mode.considered(),
                  mode.overridden() ? " but for an operator's word" : ""));
    }
    facts.devices().stream()
        .filter(Troubled::refused)
        .forEach(
            each ->
                advice.add(
                    "dev%s on %s: %s; put its own disk back, or: hayloft device accept-disk dev%s"
                        .formatted(
                            each.device().id(), name(each), each.why(), each.device().id())));
    facts.devices().stream()
        .filter(each -> !each.refused())
        .forEach(each -> advice.add(outOfReach(each)));
    if (facts.gone() > 0) {
      advice.add(
          "%d files have no copy that can be read: bring back the devices above; then: hayloft fsck start"
              .formatted(facts.gone()));
    }
    advise(facts, advice);
    return List.copyOf(advice);
  }

  private static void advise(Facts facts, List<String> advice) {
    var replicate =
        facts.queues().stream().filter(each -> each.queue().equals("replicate")).findFirst();
    if (facts.few() > 0) {
      advice.add(
          replicate.filter(each -> each.rows() > each.stuck()).isPresent()
              ? "%d files have too few copies; %d files are queued: wait, or see one: hayloft why KEY"
                  .formatted(facts.few(), replicate.get().rows())
              : "%d files have too few copies and none is queued: hayloft fsck start"
                  .formatted(facts.few()));
    }
    for (var queue : facts.queues()) {
      if (queue.stuck() > 0) {
        advice.add(
            "%d files wait in the queue %s for a person, since no copy of them is known: hayloft fsck start"
                .formatted(queue.stuck(), queue.queue()));
      }
      if (queue.waiting().orElse(0) > LONG_WAIT) {
        advice.add(
            "the queue %s is served too slowly, a file has waited for %d s: are its workers running (hayloft stats)?"
                .formatted(queue.queue(), queue.waiting().getAsLong()));
      }
    }
    if (!facts.checked()) {
      advice.add("the files were never checked as a whole: hayloft fsck start");
    }
  }

  private static String outOfReach(Troubled each) {
    return ("dev%s on %s: %s; start its storage node or look at the disk; when it is lost for good:"
            + " hayloft device mark %s dev%s dead")
        .formatted(each.device().id(), name(each), each.why(), name(each), each.device().id());
  }

  private static String name(Troubled each) {
    return each.host().map(Host::name).orElse("?");
  }
}
