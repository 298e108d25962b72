package io.hayloft.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Makes photos for a demonstration without any: hills under an evening sky, grainy enough not to
 * compress, each with a small copy, and one empty file, because empty files are files too.
 */
final class PhotoMaker {

  private static final int PHOTOS = 24;
  private static final int THUMB_SHARE = 6;

  private final RandomGenerator random;

  PhotoMaker(RandomGenerator random) {
    this.random = random;
  }

  /** Writes {@code photos/…}, {@code thumbs/…} and {@code notes/empty.txt} below a directory. */
  void makeBelow(Path directory) throws IOException {
    var photos = Files.createDirectories(directory.resolve("photos"));
    var thumbs = Files.createDirectories(directory.resolve("thumbs"));
    for (int i = 1; i <= PHOTOS; i++) {
      int width = random.nextInt(320, 960);
      int height = width * 2 / 3;
      var name = String.format(Locale.ROOT, "evening-%02d.png", i);
      var scene = new Scene(random);
      Files.write(photos.resolve(name), scene.picture(width, height));
      Files.write(thumbs.resolve(name), scene.picture(width / THUMB_SHARE, height / THUMB_SHARE));
    }
    Files.createDirectories(directory.resolve("notes"));
    Files.write(directory.resolve("notes").resolve("empty.txt"), new byte[0]);
  }

  /** One view, at any size. */
  private static final class Scene {

    private static final int HILLS = 4;

    private final RandomGenerator random;
    private final double sunX;
    private final double sunY;
    private final double[] phase = new double[HILLS];
    private final int sky;

    Scene(RandomGenerator random) {
      this.random = random;
      sunX = random.nextDouble(0.1, 0.9);
      sunY = random.nextDouble(0.2, 0.5);
      sky = random.nextInt(40, 120);
      for (int i = 0; i < HILLS; i++) {
        phase[i] = random.nextDouble(6.28);
      }
    }

    byte[] picture(int width, int height) {
      return Png.paint(
          width, height, (x, y) -> grain(view((double) x / width, (double) y / height)));
    }

    private int view(double x, double y) {
      for (int hill = HILLS - 1; hill >= 0; hill--) {
        double crest =
            0.55
                + 0.1 * hill
                + 0.05 * Math.sin(phase[hill] + x * (5 + hill))
                + 0.02 * Math.sin(phase[hill] * 3 + x * 17);
        if (y > crest) {
          int shade = 90 - 20 * hill;
          return rgb(shade / 2, shade, shade / 3 + 20);
        }
      }
      double glow = Math.max(0, 1 - 4 * Math.hypot(x - sunX, (y - sunY) * 0.7));
      return rgb(
          (int) (150 * y + 80 + 100 * glow),
          (int) (sky + 60 * y + 120 * glow),
          (int) (200 - 90 * y));
    }

    private int grain(int colour) {
      int noise = random.nextInt(16);
      return rgb((colour >> 16 & 255) + noise, (colour >> 8 & 255) + noise, (colour & 255) + noise);
    }

    private static int rgb(int red, int green, int blue) {
      return clamp(red) << 16 | clamp(green) << 8 | clamp(blue);
    }

    private static int clamp(int channel) {
      return Math.clamp(channel, 0, 255);
    }
  }
}
