package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.PairWriter;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.policy.ReadChoice;
import io.hayloft.tracker.store.FileLookups.Whereabouts;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code get_paths}: where a client can read a file, best place first. Unless the client forgoes
 * it, the first place is one that has just been seen to hold the file in full; the others are left
 * to the client to try.
 */
final class PathLookup {

  private static final String NAME = "get_paths";
  private static final int USUAL_PATHS = 2;

  /** About what one takes in an answer, with its name and room to be escaped. */
  private static final int BYTES_OF_A_PATH = 256;

  private final Backend backend;
  private final World world;
  private final Suspects suspects;
  private final ReplicaCheck check;
  private final VerifyErrand verifying;

  PathLookup(Backend backend, World world, Suspects suspects) {
    this.backend = backend;
    this.world = world;
    this.suspects = suspects;
    this.check = new ReplicaCheck(backend.nodes(), world, suspects);
    this.verifying = new VerifyErrand(backend, world, suspects);
  }

  Map<String, Command> table() {
    return Map.of(NAME, this::paths);
  }

  Map<String, Glance> glances() {
    return Map.of(NAME, this::atOnce);
  }

  Map<String, Errand> errands() {
    return Map.of(NAME, this::begin);
  }

  /**
   * Where the file is remembered and nobody else is to be asked. Whatever is unusual, a refusal
   * among it, is left to {@link #paths}.
   */
  private Optional<Reply> atOnce(Call call) {
    if (!isPlain(call)) {
      return Optional.empty();
    }
    var key = call.keyAtHand("key");
    var domain = call.domainAtHand();
    return domain.isEmpty() || key.isEmpty()
        ? Optional.empty()
        : backend
            .lookups()
            .atOnce(domain.get().id(), key.get())
            .flatMap(file -> atOnce(call, file));
  }

  /** Whether nobody is asked but those who know where files are. */
  private boolean isPlain(Call call) {
    return call.flag("noverify") && backend.plugins().areNone();
  }

  private boolean begin(Call call, Errand.Then then) {
    if (!call.flag("noverify")) {
      return verifying.begin(call, then);
    }
    if (!isPlain(call)) {
      return false;
    }
    var key = call.keyAtHand("key");
    var domain = call.domainAtHand();
    return domain.isPresent()
        && key.isPresent()
        && backend
            .lookups()
            .whereabouts(
                domain.get().id(),
                key.get(),
                outcome -> then.hear(() -> told(call, outcome.get())));
  }

  private Optional<Reply> told(Call call, Optional<Whereabouts> file) {
    return file.isEmpty() ? Optional.of(Reply.err(UNKNOWN_KEY)) : atOnce(call, file.get());
  }

  /** Empty where none of the devices is known: they may be new. */
  private Optional<Reply> atOnce(Call call, Whereabouts file) {
    var order = ReadChoice.order(call.view(), file.devices(), call.caller(), world.random());
    if (order.isEmpty()) {
      return Optional.empty();
    }
    var candidates = Candidates.of(call.view(), file.fid(), suspects.last(order));
    return Optional.of(reply(call, candidates.unverified(asked(call))));
  }

  static long asked(Call call) {
    return Math.max(USUAL_PATHS, call.arguments().number("pathcount"));
  }

  private Reply paths(Call call) throws InterruptedException {
    var domain = call.domain(backend.plugins(), Occasion.GET_PATHS);
    var key = call.key();
    long asked = asked(call);
    var chosen =
        call.flag("noverify")
            ? unverified(call, domain, key, asked)
            : verified(call, domain, key, asked);
    return reply(call, chosen);
  }

  static Reply reply(Call call, List<Place> chosen) {
    var reply = new PairWriter(BYTES_OF_A_PATH * chosen.size()).with("paths", chosen.size());
    int i = 1;
    for (var place : chosen) {
      reply.with("path", i, place.host().readUrl(place.path(), call.caller()));
      i++;
    }
    return reply.build();
  }

  private List<Place> unverified(Call call, Domain domain, Key key, long asked)
      throws InterruptedException {
    var file =
        backend.lookups().whereabouts(domain.id(), key).orElseThrow(() -> new Refused(UNKNOWN_KEY));
    return candidates(call, domain, file).unverified(asked);
  }

  /** Where no replica is to be found, what told of them may have been old. */
  private List<Place> verified(Call call, Domain domain, Key key, long asked)
      throws InterruptedException {
    var lookups = backend.lookups();
    var file = lookups.locate(domain.id(), key).orElseThrow(() -> new Refused(UNKNOWN_KEY));
    var chosen = verified(call, domain, file, asked);
    if (chosen.isEmpty()) {
      var newer = lookups.newer(domain.id(), key, file);
      if (newer.isPresent()) {
        return verified(call, domain, newer.get(), asked);
      }
    }
    return chosen;
  }

  private List<Place> verified(Call call, Domain domain, Located file, long asked)
      throws InterruptedException {
    return candidates(call, domain, Whereabouts.of(file))
        .verified(asked, places -> check.first(places, file.file().length()));
  }

  private Candidates candidates(Call call, Domain domain, Whereabouts file)
      throws InterruptedException {
    // First: to find the devices may take a newer view.
    var order = order(call, domain, file.devices());
    return Candidates.of(call.view(), file.fid(), order);
  }

  /** Where to read, best device first; devices that nobody knows are left out. */
  private List<Device> order(Call call, Domain domain, List<DeviceId> devices)
      throws InterruptedException {
    call.findIfPossible(view -> devices.stream().flatMap(id -> view.device(id).stream()).findAny());
    var order = ReadChoice.order(call.view(), devices, call.caller(), world.random());
    return suspects.last(backend.plugins().orderForReading(call.in(domain), order));
  }
}
