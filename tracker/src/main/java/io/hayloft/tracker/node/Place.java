package io.hayloft.tracker.node;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.Host;

/** A replica's place: the host to ask and the path there. */
public record Place(Host host, ReplicaPath path) {

  public static Place of(Host host, DeviceId device, Fid fid) {
    return new Place(host, new ReplicaPath(device, fid));
  }

  /** For messages. */
  @Override
  public String toString() {
    return host.writeUrl(path, Caller.TRACKER);
  }
}
