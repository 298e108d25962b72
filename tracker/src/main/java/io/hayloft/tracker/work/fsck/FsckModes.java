package io.hayloft.tracker.work.fsck;

import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.work.fsck.FsckPlan.Digests;
import io.hayloft.tracker.work.fsck.FsckPlan.Mode;
import java.util.OptionalLong;

/**
 * How thorough a check is, by its terms and by the settings as they are now: what an operator sets
 * before he starts a run holds for it, however old the view of the cluster is.
 */
record FsckModes(Cluster cluster, RegistryStore registry) {

  Mode of(FsckTerms terms) {
    boolean skipDevcount = cluster.view().settings().flag("skip_devcount");
    return switch (terms.depth()) {
      case POLICY -> new Mode(true, skipDevcount, asSet(), false);
      case QUICK -> new Mode(false, skipDevcount, Digests.OFF, false);
      case AS_SET -> new Mode(false, skipDevcount, asSet(), false);
      case FULL -> new Mode(false, skipDevcount, Digests.OF_CLASS, true);
    };
  }

  private Digests asSet() {
    return switch (registry.setting("fsck_checksum").orElse("")) {
      case "off" -> Digests.OFF;
      case "MD5" -> Digests.MD5;
      case "SHA-1" -> Digests.SHA_1;
      default -> Digests.OF_CLASS;
    };
  }

  /** How fast the contents on each device may be read; empty for as fast as it can. */
  OptionalLong bytesPerSecond(FsckTerms terms) {
    if (terms.bytesPerSecond().isPresent()) {
      return terms.bytesPerSecond();
    }
    long set = cluster.view().settings().number("fsck_rate", 0);
    return set > 0 ? OptionalLong.of(set) : OptionalLong.empty();
  }
}
