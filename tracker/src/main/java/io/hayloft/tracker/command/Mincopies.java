package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.INVALID_MINCOPIES;
import static io.hayloft.protocol.ErrorCode.TOO_FEW_COPIES;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.command.DurableCopies.Waited;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.RegistryStore;
import java.time.Duration;
import java.util.Optional;

/**
 * How many durable copies a file must have before its close is answered: as its class says or the
 * request, whichever is more; one if neither does. A class's number is a setting of our own by the
 * numbers of domain and class, because the original's table has no column for it.
 */
final class Mincopies {

  static final String ARGUMENT = "mincopies";

  /** How long to wait, in seconds, whoever asked. */
  static final String PATIENCE = "mincopies_wait";

  /** Who asks in the request knows that it takes long. */
  private static final Duration ASKED = Duration.ofSeconds(10);

  /** Less than a client waits that does not know of its file's class (3 s). */
  private static final Duration OF_CLASS = Duration.ofSeconds(2);

  private static final int MOST = 255;

  private final DurableCopies copies;

  Mincopies(DurableCopies copies) {
    this.copies = copies;
  }

  /** What a request asks for; 0 where it asks for nothing. */
  static int asked(Call call) {
    var text = call.text(ARGUMENT);
    if (text.isEmpty() || text.equals("0")) {
      return 0;
    }
    return call.digits(ARGUMENT, MOST)
        .map(Long::intValue)
        .orElseThrow(() -> new Refused(INVALID_MINCOPIES));
  }

  /** Whether a close is answered as soon as it has happened. */
  static boolean isOne(Call call, DomainId domain, ClassId fileClass) {
    return Math.max(asked(call), of(call.view().settings(), domain, fileClass)) <= 1;
  }

  /** The answer to a close that has happened. */
  Reply answer(Call call, StoredFile file, DeviceId on, int asked) throws InterruptedException {
    var settings = call.view().settings();
    int ofClass = of(settings, file.domain(), file.fileClass());
    int wanted = Math.max(asked, ofClass);
    if (wanted <= 1) {
      return Reply.ok().build();
    }
    return switch (copies.await(file, on, wanted, limit(settings, asked, ofClass))) {
      case Waited.Enough() -> Reply.ok().build();
      case Waited.TooFew(var there) ->
          Reply.err(
              TOO_FEW_COPIES,
              "The file is stored and has %d of %d copies so far; it is still being replicated"
                  .formatted(there, wanted));
      case Waited.Unattainable(var most) ->
          Reply.err(
              TOO_FEW_COPIES,
              ("The file is stored, but will have at most %d copies by its class and the devices"
                      + " that are there, not %d")
                  .formatted(most, wanted));
    };
  }

  /** How long to wait. */
  static Duration limit(ServerSettings settings, int asked, int ofClass) {
    var usual = asked >= ofClass ? ASKED : OF_CLASS;
    return Duration.ofSeconds(settings.number(PATIENCE, usual.toSeconds()));
  }

  static int of(ServerSettings settings, DomainId domain, ClassId fileClass) {
    return (int) Math.min(MOST, settings.number(setting(domain, fileClass), 1));
  }

  /** Sets what a class asks for; one copy is what all ask for. */
  static void set(RegistryStore registry, DomainId domain, ClassId fileClass, int copies) {
    registry.set(
        setting(domain, fileClass),
        copies <= 1 ? Optional.empty() : Optional.of(String.valueOf(copies)));
  }

  private static String setting(DomainId domain, ClassId fileClass) {
    return "hayloft_mincopies_" + domain.value() + "_" + fileClass.value();
  }
}
