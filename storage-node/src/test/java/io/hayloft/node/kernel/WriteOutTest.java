package io.hayloft.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteOutTest {

  @TempDir Path directory;

  @Test
  void isBegunForAFileAndChangesNothing() throws IOException {
    var file = Files.writeString(directory.resolve("a"), "bytes");

    assertThat(WriteOut.begin(file)).isTrue();

    assertThat(file).hasContent("bytes");
  }

  @Test
  void isNotForWhatIsMissingOrReachedThroughALink() throws IOException {
    var file = Files.writeString(directory.resolve("a"), "bytes");

    assertThat(WriteOut.begin(directory.resolve("none"))).isFalse();
    assertThat(WriteOut.begin(Files.createSymbolicLink(directory.resolve("link"), file))).isFalse();
  }
}
