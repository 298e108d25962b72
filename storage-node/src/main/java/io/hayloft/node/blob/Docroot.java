package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory that has a directory, usually a mounted disk, for each device. */
public record Docroot(Path path) {

  public Docroot {
    path = path.toAbsolutePath().normalize();
  }

  public Path device(DeviceId device) {
    return path.resolve(device.directory());
  }

  public Path file(BlobPath blob) {
    return path.resolve(blob.text().substring(1));
  }

  /** The directory that a file lies in. */
  public Path directory(BlobPath blob) {
    return above(file(blob));
  }

  static Path above(Path below) {
    var directory = below.getParent();
    if (directory == null) {
      throw new IllegalStateException("no directory above " + below);
    }
    return directory;
  }

  /** Whether the device has a directory here; it may be a link to one. */
  public boolean has(DeviceId device) {
    return Files.isDirectory(device(device));
  }
}
