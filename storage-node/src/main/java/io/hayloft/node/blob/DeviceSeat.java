package io.hayloft.node.blob;

import io.hayloft.node.kernel.CPath;
import io.hayloft.node.kernel.InodeState;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a device's files were when its identity was last looked at: to be compared with where they
 * are now, by {@code key}, at each use.
 *
 * @param key of the device's directory
 * @param directory the device's directory in the document root, which may be a link
 * @param real where that led, without links
 */
record DeviceSeat(InodeState.Key key, CPath directory, CPath real) {

  /**
   * @param key of the directory, read before this is called
   */
  static DeviceSeat of(Path directory, InodeState.Key key) throws IOException {
    return new DeviceSeat(key, CPath.of(directory), CPath.of(directory.toRealPath()));
  }
}
