package io.hayloft.tracker.command;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.StoredFile;
import java.util.Set;

/** What background work would do for a file, for people who ask. */
@FunctionalInterface
public interface Outlook {

  /**
   * What is to be done next for a file that is believed to be on these devices, in words; nothing
   * is done.
   */
  String next(StoredFile file, Set<DeviceId> on, ClusterView view);
}
