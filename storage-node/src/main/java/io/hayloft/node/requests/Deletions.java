package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Removal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code POST /-/delete}: removes files, many under one sync of their directory. */
public final class Deletions {

  private final Ground ground;
  private final Removal removal;

  public Deletions(Ground ground) {
    this.ground = ground;
    this.removal = new Removal(ground.store());
  }

  public NativeRequest request() {
    return ListRequest.of("delete", ground, this::delete);
  }

  private void delete(List<BlobPath> portion, Answer answer) throws InterruptedException {
    var device = portion.getFirst().device();
    try {
      var ends = ground.share().run(device, () -> removal.remove(portion));
      tell(portion, path -> ends.getOrDefault(path, Optional.empty()), answer);
    } catch (DiskException silent) {
      tell(portion, _ -> Optional.of(silent), answer);
    }
  }

  private void tell(
      List<BlobPath> portion, Function<BlobPath, Optional<DiskException>> ends, Answer answer) {
    var lines = new StringBuilder(portion.size() * 48);
    for (var path : portion) {
      var failure = ends.apply(path);
      lines.append(lines.isEmpty() ? "" : "\n").append(path.text());
      if (failure.isEmpty()) {
        lines.append(" gone");
      } else {
        lines.append(" failed ").append(Words.reason(failure.get()));
        ground.complaints().report(path.device(), failure.get(), path.text());
      }
      ground.tally().count("delete", failure.isEmpty() ? "gone" : "failed", 0);
    }
    answer.line(lines);
  }
}
