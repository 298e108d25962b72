package io.hayloft.bench.load;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import java.nio.file.Path;

/**
 * Files on the first device, whose numbers follow each other.
 *
 * @param first its number
 */
public record Span(long first, int count) {

  private static final DeviceId DEVICE = new DeviceId(1);

  public Span {
    if (first < 1 || count < 1) {
      throw new IllegalArgumentException("no files");
    }
  }

  /** Where the device's files are below a document root. */
  public static Path device(Path docroot) {
    return docroot.resolve(DEVICE.directory());
  }

  /**
   * The path of one of them in a URL.
   *
   * @param index from 0
   */
  public String path(int index) {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("there are " + count + " files, none is " + index);
    }
    return new ReplicaPath(DEVICE, new Fid(first + index)).toString();
  }

  /** Where one of them is below a document root. */
  public Path file(Path docroot, int index) {
    return docroot.resolve(path(index).substring(1));
  }

  /** The first few of them. */
  public Span begin(int few) {
    return new Span(first, Math.min(few, count));
  }
}
