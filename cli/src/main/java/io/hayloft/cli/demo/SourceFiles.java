package io.hayloft.cli.demo;

import io.hayloft.cli.local.KeyNames;
import io.hayloft.cli.local.LocalTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of the demonstration.
 *
 * @param skipped entries of the directory that are no files or cannot be read
 */
record SourceFiles(List<Item> items, long skipped) {

  /** One of them, with the key and the class it gets. */
  record Item(Path path, String key, String fileClass, long size) {}

  private static final String THUMBS = "thumbs/";

  SourceFiles {
    items = List.copyOf(items);
  }

  static SourceFiles below(Path directory) throws IOException {
    var tree = LocalTree.below(directory);
    var names = new KeyNames(directory);
    var items =
        tree.files().stream()
            .map(
                file -> {
                  var key = names.keyOf(file.path());
                  return new Item(file.path(), key, classOf(key), file.size());
                })
            .toList();
    return new SourceFiles(items, tree.skipped());
  }

  private static String classOf(String key) {
    return key.startsWith(THUMBS) ? Demo.THUMB : Demo.ORIGINAL;
  }

  long bytes() {
    return items.stream().mapToLong(Item::size).sum();
  }
}
