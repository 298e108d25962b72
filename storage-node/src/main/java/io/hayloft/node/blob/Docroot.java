package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

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

  /**
   * The file of a path that is about to be touched. The device's own directory may be a link to
   * where its disk is mounted; below it links are not followed, since they could lead anywhere.
   *
   * @throws NoSuchFileException when a directory on the way is missing
   * @throws DiskException when something else is where a directory should be
   */
  Path reach(BlobPath blob) throws IOException {
    var text = blob.text();
    int first = text.indexOf('/', 1);
    for (int slash = text.indexOf('/', first + 1);
        slash > 0;
        slash = text.indexOf('/', slash + 1)) {
      var directory = path.resolve(text.substring(1, slash));
      if (!Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isDirectory()) {
        throw new DiskException(
            DiskException.Code.IN_THE_WAY, "Not a directory: " + directory.getFileName());
      }
    }
    return file(blob);
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
