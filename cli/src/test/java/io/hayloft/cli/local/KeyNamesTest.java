package io.hayloft.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyNamesTest {

  private final Path root = Path.of("/srv/photos");
  private final KeyNames names = new KeyNames(root);

  @Test
  void keyIsThePathBelowTheRoot() {
    assertThat(names.keyOf(root.resolve("2026/a cat.jpg"))).isEqualTo("2026/a cat.jpg");
    assertThat(names.keyOf(root.resolve("./x/../é"))).isEqualTo("é");
  }

  @Test
  void longPathsStayDistinctAndFit() {
    var first = names.keyOf(root.resolve("a".repeat(200)).resolve("é".repeat(100)));
    var second = names.keyOf(root.resolve("b".repeat(200)).resolve("é".repeat(100)));

    assertThat(first).isNotEqualTo(second).endsWith("éé");
    assertThat(first.getBytes(UTF_8)).hasSizeBetween(KeyNames.LONGEST - 1, KeyNames.LONGEST);
  }

  @Test
  void pathOfExactlyTheLimitIsKept() {
    var name = "n".repeat(KeyNames.LONGEST);

    assertThat(names.keyOf(root.resolve(name))).isEqualTo(name);
    assertThat(names.keyOf(root.resolve(name + "n"))).startsWith("~").hasSize(KeyNames.LONGEST);
  }
}
