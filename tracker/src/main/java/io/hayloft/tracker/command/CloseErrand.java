package io.hayloft.tracker.command;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import java.util.Optional;

/**
 * {@code create_close} as it mostly is: of an upload that was opened here lately, where nothing is
 * asked but whether the bytes are there. First the node is asked, then the database, and no thread
 * waits for either.
 *
 * <p>What is unusual is left to {@link UploadClose}, and so is what is wrong: it looks again.
 */
final class CloseErrand implements Errand {

  private final Backend backend;
  private final Suspects suspects;
  private final HostWaits waits;
  private final Unreachable unreachable;

  /** Answers in a thread of its own, which may wait, where a node does not tell what it has. */
  @FunctionalInterface
  interface Unreachable {
    void answer(UploadClaim claim, String why, Then then);
  }

  CloseErrand(Backend backend, Suspects suspects, HostWaits waits, Unreachable unreachable) {
    this.backend = backend;
    this.suspects = suspects;
    this.waits = waits;
    this.unreachable = unreachable;
  }

  @Override
  public boolean begin(Call call, Then then) {
    var domain = call.domainAtHand();
    var key = call.keyAtHand("key");
    if (!backend.plugins().areNone()
        || call.flag("checksumverify")
        || domain.isEmpty()
        || key.isEmpty()
        || call.device("devid").flatMap(call.view()::hostOf).isEmpty()) {
      return false;
    }
    var claim = UploadClaim.of(call);
    var offer =
        backend
            .stores()
            .uploads()
            .offered(claim.fid())
            .filter(each -> each.devices().contains(claim.device()));
    if (offer.isEmpty()) {
      return false;
    }
    var close =
        new Close(
            call,
            claim,
            new StoredFile.Name(domain.get().id(), key.get()),
            offer.get().fileClass(),
            then);
    return close.needsNoMore() && waits.enter(claim.host()) && close.look();
  }

  /** One that was begun. */
  private final class Close {

    private final Call call;
    private final UploadClaim claim;
    private final StoredFile.Name name;
    private final ClassId fileClass;
    private final Then then;

    Close(Call call, UploadClaim claim, StoredFile.Name name, ClassId fileClass, Then then) {
      this.call = call;
      this.claim = claim;
      this.name = name;
      this.fileClass = fileClass;
      this.then = then;
    }

    /** Whether one copy is enough, and the class is known where that matters. */
    boolean needsNoMore() {
      return Mincopies.isOne(call, name.domain(), fileClass)
          && (claim.checksum().isEmpty()
              || call.view().fileClass(name.domain(), fileClass).isPresent());
    }

    boolean look() {
      then.waitsFor(Phase.NODES);
      var question = suspects.ask(claim.host());
      boolean begun = false;
      try {
        begun = backend.nodes().look(claim.place(), presence -> looked(question, presence));
      } finally {
        if (!begun) {
          left(question);
        }
      }
      return begun;
    }

    private void looked(Suspects.Question question, Presence presence) {
      question.ended(!(presence instanceof Presence.CannotTell));
      left(question);
      seen(presence);
    }

    private void left(Suspects.Question question) {
      question.close();
      waits.leave(claim.host());
    }

    private void seen(Presence presence) {
      try {
        switch (presence) {
          case Presence.Present(var length) when claim.fits(length) -> close(length);
          case Presence.Present _, Presence.Missing _ -> then.hear(Optional::empty);
          case Presence.CannotTell(var why) -> unreachable.answer(claim, why, then);
        }
      } catch (RuntimeException e) {
        then.hear(
            () -> {
              throw e;
            });
      }
    }

    private void close(long length) {
      then.waitsFor(Phase.DATABASE);
      var file = new StoredFile(claim.fid(), name, length, fileClass, 1);
      var checksum = claim.checksumToKeep(call, name.domain(), fileClass);
      backend
          .stores()
          .uploads()
          .close(
              new Finished(file, claim.device(), checksum),
              outcome -> then.hear(() -> told(outcome.get())));
    }

    private Optional<Reply> told(Closing end) {
      return switch (end) {
        case Closing.Closed(var replaced) -> {
          backend.jobs().wake(Jobs.REPLICATE);
          replaced.ifPresent(_ -> backend.jobs().wake(Jobs.DELETE));
          yield Optional.of(Reply.ok().build());
        }
        case Closing.NotOpen() -> Optional.of(Reply.err(ErrorCode.NO_TEMP_FILE));
        case Closing.FidExists() -> Optional.of(Reply.err(ErrorCode.FID_EXISTS));
        case Closing.DeviceDead() -> Optional.empty();
      };
    }
  }
}
