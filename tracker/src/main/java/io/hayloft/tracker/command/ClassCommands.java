package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.CLASS_EXISTS;
import static io.hayloft.protocol.ErrorCode.CLASS_HAS_FILES;
import static io.hayloft.protocol.ErrorCode.CLASS_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.DOMAIN_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.INVALID_HASHTYPE;
import static io.hayloft.protocol.ErrorCode.INVALID_MINDEVCOUNT;
import static io.hayloft.protocol.ErrorCode.INVALID_REPLPOLICY;
import static io.hayloft.protocol.ErrorCode.NODEL_DEFAULT_CLASS;
import static io.hayloft.protocol.ErrorCode.NO_CLASS;

import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.store.RegistryStore.ClassTerms;
import io.hayloft.tracker.store.StoreException;
import java.util.Map;
import java.util.Optional;

/** Commands about classes. Files that a class has already are not touched by a change of it. */
final class ClassCommands {

  /** The width of the column. */
  private static final int MAX_NAME = 50;

  /** What the column holds. */
  private static final int MAX_MINDEVCOUNT = 255;

  private static final int MAX_POLICY = 255;
  private static final String NO_HASH = "NONE";

  private final RegistryStore registry;
  private final Refresh refresh;
  private final ReplicationPolicies policies;

  ClassCommands(RegistryStore registry, Refresh refresh, ReplicationPolicies policies) {
    this.registry = registry;
    this.refresh = refresh;
    this.policies = policies;
  }

  Map<String, Command> table() {
    return Map.of(
        "create_class", this::create,
        "update_class", this::update,
        "delete_class", this::delete);
  }

  private Reply create(Call call) {
    if (call.flag("update")) {
      return update(call);
    }
    var terms = terms(call);
    int copies = Mincopies.asked(call);
    var domain = domain(call);
    if (existing(call, domain, terms.name()).isPresent()) {
      return Reply.err(CLASS_EXISTS);
    }
    try {
      // Written for one copy as well: what a former class of that number asked for must not stay.
      Mincopies.set(registry, domain.id(), registry.createClass(domain.id(), terms).id(), copies);
    } catch (StoreException e) {
      if (e.why() == StoreException.Cause.DUPLICATE) {
        return Reply.err(CLASS_EXISTS);
      }
      throw e;
    }
    refresh.registry();
    return reply(domain, terms);
  }

  private Reply update(Call call) {
    var terms = terms(call);
    int copies = Mincopies.asked(call);
    var domain = domain(call);
    var existing = existing(call, domain, terms.name());
    ClassId id;
    if (existing.isPresent()) {
      id = existing.get().id();
      registry.updateClass(domain.id(), changed(existing.get(), terms, call));
    } else if (terms.name().equals(FileClass.DEFAULT_NAME)) {
      id = registry.createClass(domain.id(), terms).id();
    } else {
      return Reply.err(CLASS_NOT_FOUND);
    }
    if (!call.text(Mincopies.ARGUMENT).isEmpty()) {
      Mincopies.set(registry, domain.id(), id, copies);
    }
    refresh.registry();
    return reply(domain, terms);
  }

  /** A policy can be replaced and not cleared; a digest goes when {@code NONE} is asked for. */
  private static FileClass changed(FileClass existing, ClassTerms terms, Call call) {
    return new FileClass(
        existing.id(),
        existing.name(),
        terms.mindevcount(),
        terms.policy().or(existing::policy),
        call.flag("hashtype") ? terms.hash() : existing.hash());
  }

  private Reply delete(Call call) {
    var name = call.text("class");
    if (call.text("domain").isEmpty()) {
      return Reply.err(io.hayloft.protocol.ErrorCode.NO_DOMAIN);
    }
    if (name.isEmpty()) {
      return Reply.err(NO_CLASS);
    }
    if (name.equals(FileClass.DEFAULT_NAME)) {
      return Reply.err(NODEL_DEFAULT_CLASS);
    }
    var domain = domain(call);
    var existing = existing(call, domain, name).orElseThrow(() -> new Refused(CLASS_NOT_FOUND));
    return switch (registry.deleteClass(domain.id(), existing.id())) {
      case REMOVED -> {
        Mincopies.set(registry, domain.id(), existing.id(), 1);
        refresh.registry();
        yield Reply.ok().with("domain", domain.name()).with("class", name).build();
      }
      case HAS_FILES -> Reply.err(CLASS_HAS_FILES);
      case HAS_CLASSES -> throw new IllegalStateException("a class has no classes");
    };
  }

  private static Domain domain(Call call) {
    call.fresh();
    return call.domain(DOMAIN_NOT_FOUND);
  }

  /** The row of a class; the implied one called {@code default} has none. */
  private static Optional<FileClass> existing(Call call, Domain domain, String name) {
    return call.fresh().registry().classRows(domain.id()).stream()
        .filter(row -> row.name().equals(name))
        .findFirst();
  }

  private static Reply reply(Domain domain, ClassTerms terms) {
    return Reply.ok()
        .with("class", terms.name())
        .with("mindevcount", terms.mindevcount())
        .with("domain", domain.name())
        .build();
  }

  private ClassTerms terms(Call call) {
    var name = call.text("class");
    if (call.text("domain").isEmpty()) {
      throw new Refused(io.hayloft.protocol.ErrorCode.NO_DOMAIN);
    }
    if (name.isEmpty()) {
      throw new Refused(NO_CLASS);
    }
    if (name.length() > MAX_NAME) {
      throw new Refused(BAD_PARAMS, "A class's name has at most " + MAX_NAME + " bytes");
    }
    return new ClassTerms(name, mindevcount(call), policy(call), hash(call));
  }

  private static int mindevcount(Call call) {
    long count = call.arguments().number("mindevcount");
    if (count < 1) {
      throw new Refused(INVALID_MINDEVCOUNT);
    }
    if (count > MAX_MINDEVCOUNT) {
      throw new Refused(INVALID_MINDEVCOUNT, "The mindevcount must be at most " + MAX_MINDEVCOUNT);
    }
    return (int) count;
  }

  private Optional<String> policy(Call call) {
    var text = call.text("replpolicy");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.length() > MAX_POLICY) {
      throw new Refused(INVALID_REPLPOLICY, "A policy has at most " + MAX_POLICY + " bytes");
    }
    return switch (policies.parse(text)) {
      case ReplicationPolicies.Parsed.Known known -> Optional.of(text);
      case ReplicationPolicies.Parsed.Unknown(var reason) ->
          throw new Refused(INVALID_REPLPOLICY, reason);
    };
  }

  private static Optional<HashAlgorithm> hash(Call call) {
    if (!call.flag("hashtype") || call.text("hashtype").equals(NO_HASH)) {
      return Optional.empty();
    }
    return Optional.of(
        HashAlgorithm.named(call.text("hashtype"))
            .orElseThrow(() -> new Refused(INVALID_HASHTYPE)));
  }
}
