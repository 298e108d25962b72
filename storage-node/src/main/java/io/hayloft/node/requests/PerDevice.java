package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.protocol.DeviceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Cuts a list of files into portions of one device each, small enough that clients find their turn
 * between two, and deals them out device by device, so that all disks work.
 */
final class PerDevice {

  private static final int PORTION = 64;

  private PerDevice() {}

  /** A portion has files of one device, those of a directory together. */
  static List<List<BlobPath>> portions(List<BlobPath> paths) {
    var byDevice = new LinkedHashMap<DeviceId, List<BlobPath>>();
    for (var path : paths) {
      byDevice.computeIfAbsent(path.device(), _ -> new ArrayList<>()).add(path);
    }
    var portions = new ArrayList<List<BlobPath>>();
    byDevice.values().forEach(each -> each.sort(Comparator.comparing(BlobPath::text)));
    for (int at = 0; at < paths.size(); at += PORTION) {
      cut(byDevice, at, portions);
    }
    return portions;
  }

  private static void cut(
      Map<DeviceId, List<BlobPath>> byDevice, int at, List<List<BlobPath>> portions) {
    for (var paths : byDevice.values()) {
      if (at < paths.size()) {
        portions.add(paths.subList(at, Math.min(paths.size(), at + PORTION)));
      }
    }
  }

  static Set<DeviceId> devices(Stream<BlobPath> paths) {
    return paths.map(BlobPath::device).collect(Collectors.toUnmodifiableSet());
  }

  static List<BlobPath> read(List<String> lines) throws BadRequestException {
    var paths = new ArrayList<BlobPath>(lines.size());
    for (var line : lines) {
      paths.add(Words.path(line));
    }
    return paths;
  }
}
