package io.hayloft.node.scrub;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.device.Background;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.requests.Answer;
import io.hayloft.node.requests.Asked;
import io.hayloft.node.requests.BadRequestException;
import io.hayloft.node.requests.NativeRequest;
import io.hayloft.node.requests.Words;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code GET /-/findings} and {@code POST /-/findings}. */
public final class FindingRequests {

  private static final int UNDER_WAY = 8;

  private final Findings findings;
  private final Background background;
  private final DiskComplaints complaints;

  public FindingRequests(Findings findings, Background background, DiskComplaints complaints) {
    this.findings = findings;
    this.background = background;
    this.complaints = complaints;
  }

  public List<NativeRequest> all() {
    return List.of(
        new NativeRequest("GET", "findings", false, UNDER_WAY, _ -> this::list),
        new NativeRequest("POST", "findings", false, UNDER_WAY, this::forget));
  }

  private void list(Answer answer) {
    findings.oldest(Findings.MOST).forEach(finding -> answer.line(finding.line()));
  }

  private NativeRequest.Work forget(Asked asked) throws BadRequestException {
    Map<DeviceId, List<BlobPath>> byDevice = new TreeMap<>();
    for (var line : asked.lines()) {
      var path = Words.path(line);
      byDevice.computeIfAbsent(path.device(), _ -> new ArrayList<>()).add(path);
    }
    return answer -> {
      for (var each : byDevice.entrySet()) {
        forget(each.getKey(), each.getValue(), answer);
      }
    };
  }

  /** What cannot be written down now is forgotten by this process and told again by the next. */
  private void forget(DeviceId device, List<BlobPath> paths, Answer answer)
      throws InterruptedException {
    try {
      background.run(
          device,
          () -> {
            findings.forget(device, paths);
            return paths;
          });
    } catch (IOException e) {
      complaints.report(device, DiskException.of(e), "findings");
    }
    paths.forEach(path -> answer.line(path + " forgotten"));
  }
}
