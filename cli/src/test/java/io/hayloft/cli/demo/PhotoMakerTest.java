package io.hayloft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoMakerTest {

  @TempDir private Path directory;

  @Test
  void photosArePicturesAndOneFileIsEmpty() throws Exception {
    new PhotoMaker(new Random(5)).makeBelow(directory);

    var sources = SourceFiles.below(directory);
    assertThat(sources.items()).hasSizeGreaterThan(20);
    assertThat(sources.items()).anyMatch(item -> item.size() == 0);
    assertThat(sources.items().stream().map(SourceFiles.Item::fileClass).distinct())
        .containsExactlyInAnyOrder("original", "thumb");
    for (var item : sources.items()) {
      if (item.size() > 0) {
        var picture = ImageIO.read(item.path().toFile());
        assertThat(picture.getWidth()).isPositive();
        assertThat(Files.size(item.path())).isGreaterThan(picture.getWidth());
      }
    }
  }
}
