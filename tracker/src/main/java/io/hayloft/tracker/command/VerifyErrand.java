package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.tracker.policy.ReadChoice;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * {@code get_paths} for a client that wants the first path verified, as it mostly is: the database
 * knows the file, and the best place has it. No thread waits for either.
 *
 * <p>What is unusual is left to {@link PathLookup}, which begins again: it waits for nodes, and
 * asks several of them.
 */
final class VerifyErrand implements Errand {

  private final Backend backend;
  private final World world;
  private final Suspects suspects;

  VerifyErrand(Backend backend, World world, Suspects suspects) {
    this.backend = backend;
    this.world = world;
    this.suspects = suspects;
  }

  @Override
  public boolean begin(Call call, Then then) {
    var key = call.keyAtHand("key");
    var domain = call.domainAtHand();
    return backend.plugins().areNone()
        && key.isPresent()
        && domain.isPresent()
        && backend
            .lookups()
            .locate(domain.get().id(), key.get(), outcome -> found(call, outcome, then));
  }

  private void found(Call call, Supplier<Optional<Located>> outcome, Then then) {
    boolean isAsked = false;
    try {
      var file = outcome.get();
      if (file.isEmpty()) {
        then.hear(() -> Optional.of(Reply.err(UNKNOWN_KEY)));
        return;
      }
      isAsked = ask(call, file.get(), then);
    } catch (RuntimeException e) {
      then.hear(
          () -> {
            throw e;
          });
      return;
    }
    if (!isAsked) {
      then.hear(Optional::empty);
    }
  }

  /** False when the first place is none to be asked in passing. */
  private boolean ask(Call call, Located file, Then then) {
    var order = ReadChoice.order(call.view(), file.devices(), call.caller(), world.random());
    var candidates = Candidates.of(call.view(), file.file().fid(), suspects.last(order));
    if (candidates.usual().isEmpty()) {
      return false;
    }
    var first = candidates.usual().getFirst();
    if (suspects.contains(first.host().id())) {
      return false;
    }
    then.waitsFor(Phase.NODES);
    var question = suspects.ask(first.host().id());
    boolean isAsked = false;
    try {
      isAsked =
          backend
              .nodes()
              .glance(
                  first,
                  ReplicaCheck.MOMENT,
                  length -> {
                    if (length.isPresent()) {
                      question.ended(true);
                    }
                    question.close();
                    boolean isWhole = length.equals(OptionalLong.of(file.file().length()));
                    then.hear(
                        () -> isWhole ? Optional.of(reply(call, candidates)) : Optional.empty());
                  });
    } finally {
      if (!isAsked) {
        question.close();
      }
    }
    return isAsked;
  }

  private static Reply reply(Call call, Candidates candidates) {
    return PathLookup.reply(call, candidates.unverified(PathLookup.asked(call)));
  }
}
