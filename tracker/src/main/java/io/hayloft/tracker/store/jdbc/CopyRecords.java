package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.ReplicationStore.NewCopy;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What new copies change, many in one transaction. The rows of the files are locked first, in the
 * order of their numbers: whoever deletes one of them comes before, and is seen, or after, and
 * finds the new location.
 */
final class CopyRecords {

  private CopyRecords() {}

  /** The files that are gone. */
  static Set<Fid> write(Session session, Collection<NewCopy> copies) throws SQLException {
    var inOrder =
        copies.stream()
            .sorted(Comparator.comparing(NewCopy::fid).thenComparing(NewCopy::to))
            .toList();
    var fids = inOrder.stream().map(NewCopy::fid).distinct().toList();
    var files = new HashSet<>(Queues.lockFiles(session, fids));
    var gone = fids.stream().filter(fid -> !files.contains(fid)).toList();
    Queues.delete(session, gone);
    Queues.locate(
        session, inOrder.stream().map(c -> new Queues.Location(c.fid(), c.to())).toList());
    var there = fids.stream().filter(files::contains).toList();
    there.forEach(session::moved);
    Queues.recount(session, there);
    Queues.keep(
        session,
        inOrder.stream()
            .filter(copy -> files.contains(copy.fid()))
            .flatMap(
                copy -> copy.checksum().stream().map(sum -> new Queues.Digest(copy.fid(), sum)))
            .toList());
    end(session, inOrder, files);
    return Set.copyOf(gone);
  }

  /** Ends the claims; files whose claim was lost are looked at again. */
  private static void end(Session session, List<NewCopy> copies, Set<Fid> files)
      throws SQLException {
    var byClaim =
        copies.stream()
            .flatMap(copy -> copy.done().stream())
            .collect(groupingBy(Queued::until, TreeMap::new, mapping(Queued::fid, toList())));
    for (var claim : byClaim.entrySet()) {
      var fids = claim.getValue();
      int ended =
          session.updateMany(
              ReplicationClaims.END,
              fids,
              claim.getKey(),
              JdbcClaimStore.prolonged(claim.getKey()));
      if (ended < fids.size()) {
        var again = new ArrayList<>(fids);
        again.retainAll(files);
        Queues.replicateSoon(session, again);
      }
    }
  }
}
