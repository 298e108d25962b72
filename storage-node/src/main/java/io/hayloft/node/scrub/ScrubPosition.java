package io.hayloft.node.scrub;

import io.hayloft.node.blob.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * How far the scrub of a device has come, as it is kept on it.
 *
 * @param after the fid of the last file that was checked in this pass; 0 at its beginning
 * @param ended when the last pass ended, Unix time; 0 if none has
 */
record ScrubPosition(long after, long ended) {

  private static final PrivateFile KEPT = new PrivateFile("scrub");
  private static final Pattern TEXT = Pattern.compile("after (\\d{1,19})\nended (\\d{1,12})\n");

  static ScrubPosition read(Path device) throws IOException {
    var text = TEXT.matcher(KEPT.read(device).orElse(""));
    return text.matches()
        ? new ScrubPosition(Long.parseLong(text.group(1)), Long.parseLong(text.group(2)))
        : new ScrubPosition(0, 0);
  }

  void write(Path device) throws IOException {
    KEPT.write(device, "after " + after + "\nended " + ended + "\n");
  }
}
