package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices when a disk is unmounted under the running node. The empty directory that it was mounted
 * on looks like a device, and uploads into it would fill the disk of the system.
 *
 * <p>A device that was once seen on another filesystem than the document root's, and now is on the
 * same, has lost its disk. One that never had a disk of its own is left alone.
 */
public final class MountGuard {

  private final Docroot docroot;
  private final Set<DeviceId> seenMounted = ConcurrentHashMap.newKeySet();

  public MountGuard(Docroot docroot) {
    this.docroot = docroot;
  }

  /** Whether the device's directory no longer leads to the disk that it led to before. */
  public boolean hasLostItsDisk(DeviceId device) throws IOException {
    boolean mounted = filesystem(docroot.device(device)) != filesystem(docroot.path());
    if (mounted) {
      seenMounted.add(device);
      return false;
    }
    return seenMounted.contains(device);
  }

  private static long filesystem(Path directory) throws IOException {
    return (Long) Files.getAttribute(directory, "unix:dev");
  }
}
