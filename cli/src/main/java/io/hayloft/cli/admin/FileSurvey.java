package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.client.DomainInfo;
import io.hayloft.client.FileInfo;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many files there are and how many of them lack copies, by going through the trackers' list of
 * all files. It takes a while where there are many, and is asked for expressly.
 */
final class FileSurvey {

  private static final int PAGE = 500;

  /** The files of one class, and what is at risk among them. */
  static final class Line {

    final String domain;
    final String fileClass;
    final int wanted;
    long files;
    long bytes;
    long bytesOfCopies;
    long withoutCopies;
    long withOneCopy;
    long withTooFew;

    Line(String domain, String fileClass, int wanted) {
      this.domain = domain;
      this.fileClass = fileClass;
      this.wanted = wanted;
    }

    private void add(FileInfo file) {
      int copies = file.copies().count();
      files++;
      bytes += file.length();
      bytesOfCopies += file.length() * copies;
      withoutCopies += copies == 0 ? 1 : 0;
      withOneCopy += copies == 1 && wanted > 1 ? 1 : 0;
      withTooFew += copies < wanted ? 1 : 0;
    }

    Map<String, @Nullable Object> json() {
      return Json.object(
          "domain", domain,
          "class", fileClass,
          "mindevcount", wanted,
          "files", files,
          "bytes", bytes,
          "bytes_of_copies", bytesOfCopies,
          "files_without_copies", withoutCopies,
          "files_with_one_copy", withOneCopy,
          "files_with_too_few_copies", withTooFew);
    }
  }

  private final Map<String, Line> lines = new TreeMap<>();
  private final Map<String, Integer> wanted = new HashMap<>();
  private long highestFid;

  private FileSurvey(List<DomainInfo> domains) {
    for (var domain : domains) {
      for (var each : domain.classes()) {
        wanted.put(name(domain.name(), each.name()), each.mindevcount());
      }
    }
  }

  private static String name(String domain, String fileClass) {
    return domain + "\t" + fileClass;
  }

  static FileSurvey of(HayloftAdmin admin, Progress bar) throws IOException {
    var survey = new FileSurvey(admin.domains());
    while (true) {
      var page = admin.files(survey.highestFid, PAGE);
      if (page.isEmpty()) {
        return survey;
      }
      for (var file : page) {
        survey.add(file);
        bar.addItem();
      }
    }
  }

  private void add(FileInfo file) {
    var name = name(file.name().domain(), file.fileClass());
    lines
        .computeIfAbsent(
            name,
            key -> new Line(file.name().domain(), file.fileClass(), wanted.getOrDefault(key, 1)))
        .add(file);
    highestFid = Math.max(highestFid, file.fid().value());
  }

  long highestFid() {
    return highestFid;
  }

  List<Line> lines() {
    return lines.values().stream()
        .sorted(
            Comparator.comparing((Line line) -> line.domain).thenComparing(line -> line.fileClass))
        .toList();
  }

  long files() {
    return lines.values().stream().mapToLong(line -> line.files).sum();
  }

  long withoutCopies() {
    return lines.values().stream().mapToLong(line -> line.withoutCopies).sum();
  }

  long withOneCopy() {
    return lines.values().stream().mapToLong(line -> line.withOneCopy).sum();
  }

  long withTooFew() {
    return lines.values().stream().mapToLong(line -> line.withTooFew).sum();
  }
}
