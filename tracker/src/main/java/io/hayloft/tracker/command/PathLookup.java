package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.UNKNOWN_KEY;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.plugin.Occasion;
import io.hayloft.tracker.policy.ReadChoice;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.List;
import java.util.Map;

/**
 * {@code get_paths}: where a client can read a file, best place first. Unless the client forgoes
 * it, the first place is one that has just been seen to hold the file in full; the others are left
 * to the client to try.
 */
final class PathLookup {

  private static final int USUAL_PATHS = 2;

  private final Backend backend;
  private final World world;
  private final ReplicaCheck check;

  PathLookup(Backend backend, World world) {
    this.backend = backend;
    this.world = world;
    this.check = new ReplicaCheck(backend.nodes(), world.tasks());
  }

  Map<String, Command> table() {
    return Map.of("get_paths", this::paths);
  }

  private Reply paths(Call call) throws InterruptedException {
    var domain = call.domain(backend.plugins(), Occasion.GET_PATHS);
    var key = call.key();
    var file =
        backend
            .stores()
            .files()
            .locate(domain.id(), key)
            .orElseThrow(() -> new Refused(UNKNOWN_KEY));
    long asked = Math.max(USUAL_PATHS, call.arguments().number("pathcount"));

    var candidates = Candidates.of(call.view(), file.file().fid(), order(call, domain, file));
    var chosen =
        call.flag("noverify")
            ? candidates.unverified(asked)
            : candidates.verified(asked, places -> check.first(places, file.file().length()));
    var reply = Reply.ok().with("paths", chosen.size());
    int i = 1;
    for (var place : chosen) {
      reply.with("path" + i, place.host().readUrl(place.path(), call.caller()));
      i++;
    }
    return reply.build();
  }

  /** Where to read, best device first; devices that nobody knows are left out. */
  private List<Device> order(Call call, Domain domain, Located file) throws InterruptedException {
    if (file.devices().stream().noneMatch(device -> call.view().device(device).isPresent())) {
      call.fresh();
    }
    var devices = ReadChoice.order(call.view(), file.devices(), world.random());
    return backend.plugins().orderForReading(call.in(domain), devices);
  }
}
