package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import java.util.HexFormat;
import java.util.List;

/** {@code POST /-/stat}: tells length, time and checksum of files without reading them. */
public final class Stats {

  private final Ground ground;

  public Stats(Ground ground) {
    this.ground = ground;
  }

  public NativeRequest request() {
    return ListRequest.of("stat", ground, this::stat);
  }

  private void stat(List<BlobPath> portion, Answer answer) throws InterruptedException {
    var device = portion.getFirst().device();
    try {
      answer.line(ground.share().run(device, () -> lines(portion)));
    } catch (DiskException silent) {
      var lines = new StringBuilder();
      for (var path : portion) {
        begin(lines, path).append(failed(path, silent));
      }
      answer.line(lines);
    }
  }

  private StringBuilder lines(List<BlobPath> portion) {
    var lines = new StringBuilder(portion.size() * 72);
    for (var path : portion) {
      begin(lines, path).append(words(path));
    }
    return lines;
  }

  private static StringBuilder begin(StringBuilder lines, BlobPath path) {
    return lines.append(lines.isEmpty() ? "" : "\n").append(path.text()).append(' ');
  }

  private String words(BlobPath path) {
    try {
      var found = ground.store().look(path);
      if (found.isEmpty() && !ground.store().hasDisk(path.device())) {
        return "failed there is no device " + path.device().directory();
      }
      ground.tally().count("stat", found.isEmpty() ? "missing" : "found", 0);
      return found
          .map(
              look ->
                  look.length()
                      + " "
                      + look.modifiedSeconds()
                      + " "
                      + (look.crc32c().isEmpty()
                          ? "-"
                          : HexFormat.of().toHexDigits(look.crc32c().getAsInt())))
          .orElse("missing");
    } catch (DiskException e) {
      return failed(path, e);
    }
  }

  private String failed(BlobPath path, DiskException why) {
    ground.complaints().report(path.device(), why, path.text());
    ground.tally().count("stat", "failed", 0);
    return "failed " + Words.reason(why);
  }
}
