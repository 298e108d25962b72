package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.UploadStore.Offer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What the last uploads were offered that were opened here. Their rows never change, and their
 * numbers are never given twice: so nothing has to be told when they are closed, here or elsewhere.
 * A later upload takes the place of an earlier one, which is then looked up.
 */
final class OpenedLately {

  /** Those of some seconds at the greatest rate; less than 100 bytes each. */
  private static final int PLACES = 1 << 15;

  private final AtomicReferenceArray<Opened> places = new AtomicReferenceArray<>(PLACES);

  private record Opened(Fid fid, Offer offer) {}

  void add(Fid fid, Offer offer) {
    places.set(place(fid), new Opened(fid, offer));
  }

  Optional<Offer> of(Fid fid) {
    var opened = places.get(place(fid));
    return opened != null && opened.fid().equals(fid)
        ? Optional.of(opened.offer())
        : Optional.empty();
  }

  private static int place(Fid fid) {
    return (int) (fid.value() & (PLACES - 1));
  }
}
