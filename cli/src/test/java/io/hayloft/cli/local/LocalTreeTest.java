package io.hayloft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTreeTest {

  @TempDir private Path root;

  @Test
  void regularFilesAreTakenAndLinksOnlyCounted() throws Exception {
    Files.createDirectories(root.resolve("b/c"));
    Files.write(root.resolve("b/c/full"), new byte[7]);
    Files.write(root.resolve("a"), new byte[0]);
    Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
    Files.createSymbolicLink(root.resolve("circle"), root);

    var tree = LocalTree.below(root);

    assertThat(tree.files().stream().map(file -> root.relativize(file.path()).toString()))
        .containsExactly("a", "b/c/full");
    assertThat(tree.skipped()).isEqualTo(2);
    assertThat(tree.bytes()).isEqualTo(7);
  }
}
