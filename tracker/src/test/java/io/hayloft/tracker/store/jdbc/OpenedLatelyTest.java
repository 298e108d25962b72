package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.store.UploadStore.Offer;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedLatelyTest {

  private final OpenedLately lately = new OpenedLately();

  private static Offer offer(int device) {
    return new Offer(new ClassId(1), List.of(new DeviceId(device)));
  }

  @Test
  void laterUploadsTakeThePlacesOfEarlierOnesAndAreNotTakenForThem() {
    int many = 100_000;
    for (int fid = 1; fid <= many; fid++) {
      lately.add(new Fid(fid), offer(fid));
    }

    for (int fid = 1; fid <= many; fid++) {
      var known = lately.of(new Fid(fid));
      if (fid > many - 30_000) {
        assertThat(known).contains(offer(fid));
      } else if (fid <= many - 35_000) {
        assertThat(known).isEmpty();
      }
    }
  }
}
