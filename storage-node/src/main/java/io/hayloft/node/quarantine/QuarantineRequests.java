package io.hayloft.node.quarantine;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.FidName;
import io.hayloft.node.blob.Quarantine;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.node.device.Background;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.requests.Answer;
import io.hayloft.node.requests.Asked;
import io.hayloft.node.requests.BadRequestException;
import io.hayloft.node.requests.BrokenOffException;
import io.hayloft.node.requests.NativeRequest;
import io.hayloft.node.requests.Words;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code POST /-/quarantine}, {@code GET /-/quarantine/devN} and {@code POST /-/restore}, for
 * replicas only. The lines of a request are worked through one after another: nobody is in a hurry.
 */
public final class QuarantineRequests {

  private static final int UNDER_WAY = 8;

  /** A listing is told in pieces of so many lines. */
  private static final int PORTION = 1_000;

  private final Quarantine quarantine;
  private final Background background;
  private final DiskComplaints complaints;

  public QuarantineRequests(
      Quarantine quarantine, Background background, DiskComplaints complaints) {
    this.quarantine = quarantine;
    this.background = background;
    this.complaints = complaints;
  }

  public List<NativeRequest> all() {
    return List.of(
        new NativeRequest("POST", "quarantine", false, UNDER_WAY, this::takeAll),
        new NativeRequest("GET", "quarantine", true, UNDER_WAY, this::list),
        new NativeRequest("POST", "restore", false, UNDER_WAY, this::restoreAll));
  }

  private record Order(BlobPath path, String why) {}

  private static BlobPath replica(String word) throws BadRequestException {
    var path = Words.path(word);
    if (FidName.parse(path).isEmpty()) {
      throw new BadRequestException("Not the path of a replica: " + Words.reason(word));
    }
    return path;
  }

  private NativeRequest.Work takeAll(Asked asked) throws BadRequestException {
    var orders = new ArrayList<Order>();
    for (var line : asked.lines()) {
      var words = Words.of(line);
      if (words.size() != 2 || !Quarantine.isReason(words.get(1))) {
        throw new BadRequestException("Not a path and a word: " + Words.reason(line));
      }
      orders.add(new Order(replica(words.get(0)), words.get(1)));
    }
    return answer -> {
      for (var order : orders) {
        take(order, answer);
      }
    };
  }

  private void take(Order order, Answer answer) throws InterruptedException {
    var path = order.path();
    try {
      var outcome = background.run(path.device(), () -> quarantine.take(path, order.why()));
      answer.line(
          switch (outcome) {
            case DONE -> path + " quarantined";
            case MISSING -> path + " missing";
            case EXISTS -> throw new IllegalStateException("names in quarantine are unique");
          });
    } catch (IOException e) {
      failed(path, e, answer);
    }
  }

  private void failed(BlobPath path, IOException why, Answer answer) {
    complaints.report(path.device(), DiskException.of(why), path.text());
    answer.line(path + " failed " + Words.reason(DiskException.of(why)));
  }

  private NativeRequest.Work list(Asked asked) throws BadRequestException {
    var device =
        RequestPath.device(asked.rest())
            .orElseThrow(
                () -> new BadRequestException("Not a device: " + Words.reason(asked.rest())));
    return answer -> list(device, answer);
  }

  private void list(DeviceId device, Answer answer) throws InterruptedException {
    try {
      var lines = new ArrayList<String>();
      background.run(
          device,
          () -> {
            quarantine.forEach(
                device,
                kept ->
                    lines.add(
                        kept.fid() + " " + kept.length() + " " + kept.since() + " " + kept.why()));
            return lines;
          });
      for (int from = 0; from < lines.size(); from += PORTION) {
        answer.line(String.join("\n", lines.subList(from, Math.min(lines.size(), from + PORTION))));
        answer.awaitRoom();
      }
    } catch (IOException e) {
      complaints.report(device, DiskException.of(e), Quarantine.DIRECTORY);
      throw new BrokenOffException(e);
    }
  }

  private NativeRequest.Work restoreAll(Asked asked) throws BadRequestException {
    var byDevice = new TreeMap<DeviceId, List<BlobPath>>();
    for (var line : asked.lines()) {
      var path = replica(line);
      byDevice.computeIfAbsent(path.device(), _ -> new ArrayList<>()).add(path);
    }
    return answer -> {
      for (var each : byDevice.entrySet()) {
        restore(each.getKey(), each.getValue(), answer);
      }
    };
  }

  private void restore(DeviceId device, List<BlobPath> paths, Answer answer)
      throws InterruptedException {
    Set<Long> fids =
        paths.stream().map(path -> FidName.parse(path).orElseThrow()).collect(Collectors.toSet());
    Map<Long, String> names;
    try {
      names = background.run(device, () -> quarantine.latest(device, fids));
    } catch (IOException e) {
      paths.forEach(path -> failed(path, e, answer));
      return;
    }
    for (var path : paths) {
      var name = names.get(FidName.parse(path).orElseThrow());
      try {
        var outcome =
            name == null
                ? Quarantine.Outcome.MISSING
                : background.run(device, () -> quarantine.restore(path, name));
        answer.line(
            switch (outcome) {
              case DONE -> path + " restored";
              case MISSING -> path + " missing";
              case EXISTS -> path + " exists";
            });
      } catch (IOException e) {
        failed(path, e, answer);
      }
    }
  }
}
