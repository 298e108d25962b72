package io.hayloft.client;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import java.util.List;
import java.util.Optional;

/**
 * What the trackers know of a file.
 *
 * @param length in bytes
 * @param checksum where its class keeps one and it has been made
 */
public record FileInfo(
    Name name, Fid fid, long length, Copies copies, Optional<Checksum> checksum) {

  /**
   * What a file is called and what it belongs to.
   *
   * @param fileClass {@code default} for the class every domain has
   */
  public record Name(String domain, Key key, String fileClass) {}

  /**
   * Where its copies are.
   *
   * @param count as the tracker last counted them
   * @param devices in no order; empty when nobody asked for them
   */
  public record Copies(int count, List<DeviceId> devices) {
    public Copies {
      devices = List.copyOf(devices);
    }
  }

  public Key key() {
    return name.key();
  }

  public String fileClass() {
    return name.fileClass();
  }
}
