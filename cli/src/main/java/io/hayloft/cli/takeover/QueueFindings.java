package io.hayloft.cli.takeover;

import io.hayloft.cli.console.Amounts;
import io.hayloft.schema.survey.Survey;
import io.hayloft.schema.survey.Survey.Queue;
import java.util.ArrayList;
import java.util.List;

/** Work that waits. */
final class QueueFindings {

  private QueueFindings() {}

  static List<Finding> of(List<Queue> queues) {
    var findings = new ArrayList<Finding>();
    for (var queue : queues) {
      findings.add(finding(queue));
      if (queue.givenUp() > 0) {
        findings.add(
            Finding.look(
                queue.name(),
                "%s given up (nexttry 2147483647): they stay so."
                    .formatted(some(queue.givenUp(), "row")),
                "hayloft fsck after the take-over looks at such files again."));
      }
    }
    return findings;
  }

  private static Finding finding(Queue queue) {
    var rows = some(queue.rows(), "row");
    var name = queue.name();
    return switch (name) {
      case "file_to_replicate" -> Finding.adopted(name, rows + ": copying goes on with them.");
      case "file_to_delete2" -> Finding.adopted(name, rows + ": deleting goes on with them.");
      case "file_to_delete", "file_to_delete_later" ->
          queue.rows() == 0
              ? Finding.adopted(name, "Empty.")
              : Finding.differs(name, rows + ": moved to file_to_delete2 as they fall due.");
      case "tempfile" ->
          Finding.adopted(
              name, rows + ": open uploads can be closed; after an hour they are removed.");
      case "file_to_queue type 1" -> Finding.adopted(name, rows + " of fsck: checked as they are.");
      case "file_to_queue type 2" ->
          Finding.adopted(name, rows + " of rebalance: moved as they are.");
      default ->
          Finding.look(name, rows + " of an unknown kind, left alone.", "Look who uses them.");
    };
  }

  private static String some(long count, String noun) {
    return count > Survey.COUNTED_TO
        ? "More than " + Amounts.count(Survey.COUNTED_TO, noun)
        : Amounts.count(count, noun);
  }
}
