package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import java.util.List;

/**
 * A request that is a list of files, each a line: it is done in portions of one device each, some
 * at a time, and each portion answers for its files when it is done.
 */
final class ListRequest {

  private static final int UNDER_WAY = 32;
  private static final int AT_A_TIME = 8;

  private ListRequest() {}

  /** What is done with the files of one portion. */
  @FunctionalInterface
  interface Deed {
    void run(List<BlobPath> portion, Answer answer) throws InterruptedException;
  }

  static NativeRequest of(String name, Ground ground, Deed deed) {
    return new NativeRequest(
        "POST", name, false, UNDER_WAY, asked -> read(asked.lines(), ground, deed));
  }

  private static NativeRequest.Work read(List<String> lines, Ground ground, Deed deed)
      throws BadRequestException {
    var paths = PerDevice.read(lines);
    var portions = PerDevice.portions(paths);
    NativeRequest.Work work =
        answer ->
            ground
                .tasks()
                .forEach(
                    portions,
                    AT_A_TIME,
                    portion -> {
                      try {
                        deed.run(portion, answer);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return true;
                    });
    return work.on(PerDevice.devices(paths.stream()));
  }
}
