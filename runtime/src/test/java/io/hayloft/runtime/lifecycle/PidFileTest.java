package io.hayloft.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

  @TempDir Path directory;

  @Test
  void theNumberOfTheProcessStandsThereUntilTheEnd() throws IOException {
    var file = directory.resolve("x.pid");
    Files.writeString(file, "1234567\n");

    try (var pidFile = PidFile.write(file)) {
      assertThat(file).hasContent(ProcessHandle.current().pid() + "\n");
      assertThat(directory).isDirectoryContaining(path -> path.equals(file));
      assertThat(pidFile).isNotNull();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFileThatAnotherProcessHasTakenOverStays() throws IOException {
    var file = directory.resolve("x.pid");
    try (var pidFile = PidFile.write(file)) {
      assertThat(pidFile).isNotNull();
      Files.writeString(file, "1234567\n");
    }

    assertThat(file).hasContent("1234567\n");
  }

  @Test
  void aDirectoryThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> PidFile.write(directory.resolve("no/x.pid")))
        .isInstanceOf(IOException.class);
  }
}
