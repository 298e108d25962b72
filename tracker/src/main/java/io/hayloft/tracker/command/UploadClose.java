package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.CHECKSUM_MISMATCH;
import static io.hayloft.protocol.ErrorCode.FAILURE;
import static io.hayloft.protocol.ErrorCode.FID_EXISTS;
import static io.hayloft.protocol.ErrorCode.INVALID_DESTDEV;
import static io.hayloft.protocol.ErrorCode.NO_TEMP_FILE;
import static io.hayloft.protocol.ErrorCode.PLUGIN_ABORTED;
import static io.hayloft.protocol.ErrorCode.SIZE_MISMATCH;
import static io.hayloft.protocol.ErrorCode.SIZE_VERIFY_ERROR;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.plugin.DomainRequest;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Pending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code create_close}: makes an upload the file that its key stands for, once the bytes are where
 * the client says they are.
 *
 * <p>What is wrong with the request itself leaves the upload open, so the client may try again;
 * what is wrong with the bytes ends it, and they will be deleted. A close without a key is how a
 * client gives an upload up.
 */
final class UploadClose {

  /**
   * How long to wait before each further look for bytes that are not there. There are clients that
   * close right after the last byte they sent, without waiting for the node's answer; the file is
   * there when the node has made it durable. Far less in all than a client waits (3 s).
   */
  private static final List<Duration> LOOK_AGAIN =
      Stream.of(25, 75, 200, 400).map(Duration::ofMillis).toList();

  private static final String NAME = "create_close";

  private final Backend backend;
  private final Time time;
  private final Tasks tasks;
  private final Suspects suspects;
  private final HostWaits waits;
  private final Mincopies mincopies;

  UploadClose(Backend backend, World world, Suspects suspects, Mincopies mincopies) {
    this.backend = backend;
    this.time = world.time();
    this.tasks = world.tasks();
    this.suspects = suspects;
    this.waits = new HostWaits(world.places(), suspects);
    this.mincopies = mincopies;
  }

  Map<String, Command> table() {
    return Map.of(NAME, this::close);
  }

  Map<String, Errand> errands() {
    return Map.of(NAME, new CloseErrand(backend, suspects, waits, this::answerUnverified));
  }

  /** In a thread that may wait for the database. */
  private void answerUnverified(UploadClaim claim, String why, Errand.Then then) {
    var _ =
        tasks.start(
            NAME,
            () ->
                then.hear(
                    () -> {
                      throw unreachable(claim, why);
                    }));
  }

  private Reply close(Call call) throws InterruptedException {
    var domain = call.domain(backend.plugins(), Occasion.CREATE_CLOSE);
    var claim = UploadClaim.of(call);
    int copies = Mincopies.asked(call);
    var key = call.optionalKey("key");

    var pending =
        backend
            .stores()
            .uploads()
            .pending(claim.fid())
            .orElseThrow(() -> new Refused(NO_TEMP_FILE));
    checkDestination(claim, pending);
    if (key.isEmpty()) {
      abandon(claim);
      return Reply.ok().build();
    }
    long length = checkLength(claim);
    if (call.flag("checksumverify")) {
      if (claim.checksum().isPresent()) {
        checkDigest(claim, claim.checksum().get(), length);
      }
    }
    var file =
        new StoredFile(
            claim.fid(),
            new StoredFile.Name(domain.id(), key.get()),
            length,
            pending.opening().fileClass(),
            1);
    var upload =
        new Finished(
            file,
            claim.device(),
            claim.checksumToKeep(call, domain.id(), pending.opening().fileClass()));
    var refused = finish(claim, upload, call.in(domain));
    return refused.isPresent()
        ? refused.get()
        : mincopies.answer(call, file, claim.device(), copies);
  }

  private void checkDestination(UploadClaim claim, Pending pending) {
    var offered = pending.opening().devices();
    if (!offered.contains(claim.device())) {
      throw failed(
          claim,
          INVALID_DESTDEV,
          "File uploaded to invalid dest %s. Valid devices were: %s"
              .formatted(claim.device(), DeviceList.text(offered)));
    }
  }

  private Presence look(UploadClaim claim) throws InterruptedException {
    var presence = lookOnce(claim);
    for (var pause : LOOK_AGAIN) {
      if (!(presence instanceof Presence.Missing)) {
        break;
      }
      time.sleep(pause);
      presence = lookOnce(claim);
    }
    return presence;
  }

  /** The close must wait for the node; what it learns by that keeps others from waiting. */
  private Presence lookOnce(UploadClaim claim) throws InterruptedException {
    var host = claim.host();
    return waits.await(
        host,
        () -> {
          try (var question = suspects.ask(host)) {
            var presence = backend.nodes().look(claim.place());
            question.ended(!(presence instanceof Presence.CannotTell));
            return presence;
          }
        });
  }

  private long checkLength(UploadClaim claim) throws InterruptedException {
    return switch (look(claim)) {
      case Presence.Present(var length) -> {
        if (!claim.fits(length)) {
          throw failed(
              claim,
              SIZE_MISMATCH,
              "Expected: %d; actual: %d; path: %s".formatted(claim.size(), length, claim.url()));
        }
        yield length;
      }
      case Presence.Missing() ->
          throw failed(claim, SIZE_VERIFY_ERROR, unverified("missing", claim, "not found"));
      case Presence.CannotTell(var why) -> throw unreachable(claim, why);
    };
  }

  private Refused unreachable(UploadClaim claim, String why) {
    return failed(claim, SIZE_VERIFY_ERROR, unverified("cantreach", claim, why));
  }

  private static String unverified(String kind, UploadClaim claim, String why) {
    return "Expected: %d; actual: 0 (%s); path: %s; error: %s"
        .formatted(claim.size() == 0 ? -1 : claim.size(), kind, claim.url(), why);
  }

  private void checkDigest(UploadClaim claim, Checksum expected, long length)
      throws InterruptedException {
    var actual =
        waits
            .await(
                claim.host(),
                () -> backend.nodes().digest(claim.place(), expected.algorithm(), length))
            .orElseThrow(
                () -> new Refused(FAILURE, "Cannot read back " + claim.url() + " to verify it"));
    if (!actual.equals(expected)) {
      throw failed(
          claim,
          CHECKSUM_MISMATCH,
          "Expected: Checksum[f=%s;%s=%s]; actual: %s; path: %s"
              .formatted(
                  claim.fid(), expected.algorithm().wire(), expected.hex(), actual, claim.url()));
    }
  }

  /** Why the key does not stand for the file; nothing when it does. */
  private Optional<Reply> finish(UploadClaim claim, Finished upload, DomainRequest request)
      throws InterruptedException {
    return switch (backend.stores().uploads().close(upload)) {
      case Closing.Closed(var replaced) -> {
        backend.jobs().wake(Jobs.REPLICATE);
        replaced.ifPresent(old -> backend.jobs().wake(Jobs.DELETE));
        yield backend.plugins().keeps(request, upload.file())
            ? Optional.empty()
            : Optional.of(takeBack(upload.file().fid()));
      }
      case Closing.NotOpen() -> Optional.of(Reply.err(NO_TEMP_FILE));
      case Closing.FidExists() -> Optional.of(Reply.err(FID_EXISTS));
      case Closing.DeviceDead() ->
          throw failed(
              claim,
              INVALID_DESTDEV,
              "File uploaded to dev%s, which is dead; upload it again".formatted(claim.device()));
    };
  }

  /** A plugin does not want the file. By its fid: its key may stand for a newer one already. */
  private Reply takeBack(Fid fid) {
    if (backend.stores().files().delete(fid)) {
      backend.jobs().wake(Jobs.DELETE);
    }
    return Reply.err(PLUGIN_ABORTED);
  }

  private Refused failed(UploadClaim claim, ErrorCode code, String text) {
    abandon(claim);
    return new Refused(code, text);
  }

  private void abandon(UploadClaim claim) {
    if (!backend.stores().uploads().abandon(claim.fid(), claim.device())) {
      throw new Refused(NO_TEMP_FILE);
    }
    backend.jobs().wake(Jobs.DELETE);
  }
}
