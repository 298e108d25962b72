package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.node.NativeNodes.Extent;
import io.hayloft.tracker.store.FsckSlice;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which contents are to be read while the files of a slice are listed.
 *
 * @param digests to compute of each file; none when nothing is read
 * @param crc whether to compute the CRC-32C, too
 * @param wanted by file, whether its content is to be compared with a digest
 */
record Contents(Set<HashAlgorithm> digests, boolean crc, BitSet wanted) {

  /** A file that is longer is read by itself, so that a slice never takes for ever. */
  private static final long LONGEST_SECONDS = 300;

  Contents {
    digests = Set.copyOf(digests);
  }

  /**
   * What a check wants of a slice. Listing with digests reads every file in the range: where only a
   * few want one, these are left to be looked at one by one.
   */
  static Contents of(
      FsckSlice slice, FsckPlan.Mode mode, Placements placements, OptionalLong bytesPerSecond) {
    var wanted = new BitSet(slice.files());
    var digests = EnumSet.noneOf(HashAlgorithm.class);
    for (int file = 0; file < slice.files(); file++) {
      var algorithm = mode.algorithm(placements.terms(slice, file));
      if (algorithm.isPresent()) {
        wanted.set(file);
        digests.add(algorithm.get());
      }
    }
    int count = wanted.cardinality();
    boolean tooLong =
        bytesPerSecond.isPresent()
            && IntStream.range(0, slice.files())
                .anyMatch(i -> slice.length(i) / LONGEST_SECONDS > bytesPerSecond.getAsLong());
    boolean few = 2 * count < slice.files() && !mode.crc();
    return mode.policyOnly() || few || tooLong
        ? new Contents(Set.of(), false, wanted)
        : new Contents(digests, mode.crc() || count > 0, wanted);
  }

  boolean wants(int file) {
    return wanted.get(file);
  }

  boolean isRead() {
    return crc || !digests.isEmpty();
  }

  Extent extent(FsckSlice slice, OptionalLong bytesPerSecond) {
    return isRead()
        ? new Extent(slice.after(), slice.upTo(), digests, crc, bytesPerSecond)
        : Extent.of(slice.after(), slice.upTo());
  }
}
