package io.hayloft.node.device;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is mounted where, as Linux tells in {@code /proc/self/mounts}. */
record MountTable(List<Mount> mounts) {

  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /**
   * @param source the device, as in {@code /dev/sdb1}, or a name that stands for it
   */
  record Mount(String source, Path point) {}

  MountTable {
    mounts = List.copyOf(mounts);
  }

  static MountTable parse(List<String> lines) {
    var mounts = new ArrayList<Mount>();
    for (var line : lines) {
      var fields = line.split(" ", 3);
      if (fields.length == 3 && fields[1].startsWith("/")) {
        mounts.add(new Mount(unescape(fields[0]), Path.of(unescape(fields[1]))));
      }
    }
    return new MountTable(mounts);
  }

  /** The mount that a directory lies in: the deepest, and of several on one point the last. */
  Optional<Mount> of(Path directory) {
    Optional<Mount> deepest = Optional.empty();
    for (var mount : mounts) {
      boolean contains = directory.startsWith(mount.point());
      if (contains && depth(mount) >= deepest.map(MountTable::depth).orElse(-1)) {
        deepest = Optional.of(mount);
      }
    }
    return deepest;
  }

  private static int depth(Mount mount) {
    return mount.point().getNameCount();
  }

  /** Blanks and the like are written as three octal digits. */
  private static String unescape(String field) {
    return OCTAL
        .matcher(field)
        .replaceAll(
            match -> {
              var character = String.valueOf((char) Integer.parseInt(match.group(1), 8));
              return java.util.regex.Matcher.quoteReplacement(character);
            });
  }
}
