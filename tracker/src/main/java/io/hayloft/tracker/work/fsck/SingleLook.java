package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.node.NativeNodes.Extent;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at one file on a native node's device, with all its bytes: a listing of that file only. */
record SingleLook(NativeNodes nodes) {

  /**
   * Empty when it is not there.
   *
   * @param kept the digest that is kept of it, for which one of the same kind is computed
   * @throws IOException when the node does not tell
   */
  Optional<Entry> at(Host host, DeviceId device, Fid fid, Optional<Checksum> kept)
      throws IOException {
    Set<HashAlgorithm> digests = kept.map(sum -> Set.of(sum.algorithm())).orElse(Set.of());
    var extent = new Extent(fid.value() - 1, fid.value(), digests, true, OptionalLong.empty());
    try (var manifest = nodes.manifest(host, device, extent)) {
      var entry = manifest.next();
      if (entry.isPresent()) {
        var end = manifest.next();
        if (end.isPresent() || !entry.get().fid().equals(fid)) {
          throw new IOException("asked for one file, got others");
        }
      }
      return entry;
    }
  }
}
