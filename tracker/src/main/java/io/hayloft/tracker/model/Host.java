package io.hayloft.tracker.model;

import io.hayloft.protocol.ReplicaPath;

/** A machine with a storage node. */
public record Host(HostId id, String name, HostStatus status, HostAddresses addresses) {

  /** Where that caller reads a replica. */
  public String readUrl(ReplicaPath path, Caller caller) {
    return "http://" + addresses.ipFor(caller) + ":" + addresses.readPort() + path;
  }

  /** Where that caller writes a replica; also what everything but reads by clients uses. */
  public String writeUrl(ReplicaPath path, Caller caller) {
    return "http://" + addresses.ipFor(caller) + ":" + addresses.httpPort() + path;
  }

  /** The same host, reached another way. */
  public Host reachedAt(HostAddresses other) {
    return new Host(id, name, status, other);
  }
}
