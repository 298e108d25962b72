package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.DOMAIN_EXISTS;
import static io.hayloft.protocol.ErrorCode.DOMAIN_HAS_CLASSES;
import static io.hayloft.protocol.ErrorCode.DOMAIN_HAS_FILES;
import static io.hayloft.protocol.ErrorCode.DOMAIN_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.NO_DOMAIN;

import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.store.StoreException;
import java.util.Map;

/** Commands about domains, and the one that shows them with their classes. */
final class DomainCommands {

  /** The width of the column. */
  private static final int MAX_NAME = 255;

  private final RegistryStore registry;
  private final Refresh refresh;

  DomainCommands(RegistryStore registry, Refresh refresh) {
    this.registry = registry;
    this.refresh = refresh;
  }

  Map<String, Command> table() {
    return Map.of(
        "get_domains", this::domains,
        "create_domain", this::create,
        "delete_domain", this::delete);
  }

  private Reply domains(Call call) {
    var domains = call.view().registry().domains();
    var reply = Reply.ok().with("domains", domains.size());
    int i = 1;
    for (var domain : domains) {
      add(reply, "domain" + i, domain, call);
      i++;
    }
    return reply.build();
  }

  private static void add(Reply.Builder reply, String prefix, Domain domain, Call call) {
    var classes = call.view().classes(domain.id());
    reply.with(prefix, domain.name()).with(prefix + "classes", classes.size());
    int i = 1;
    for (var each : classes) {
      var classPrefix = prefix + "class" + i;
      reply
          .with(classPrefix + "name", each.name())
          .with(classPrefix + "mindevcount", each.mindevcount())
          .with(classPrefix + "replpolicy", each.policyText())
          .with(classPrefix + "hashtype", each.hash().map(HashAlgorithm::wire).orElse("NONE"));
      int copies = Mincopies.of(call.view().settings(), domain.id(), each.id());
      if (copies > 1) {
        reply.with(classPrefix + Mincopies.ARGUMENT, copies);
      }
      i++;
    }
  }

  private Reply create(Call call) {
    var name = call.text("domain");
    if (!call.flag("domain")) {
      return Reply.err(NO_DOMAIN);
    }
    if (name.length() > MAX_NAME) {
      return Reply.err(BAD_PARAMS, "A domain's name has at most " + MAX_NAME + " bytes");
    }
    if (call.fresh().registry().domain(name).isPresent()) {
      return Reply.err(DOMAIN_EXISTS);
    }
    try {
      registry.createDomain(name);
    } catch (StoreException e) {
      if (e.why() == StoreException.Cause.DUPLICATE) {
        return Reply.err(DOMAIN_EXISTS);
      }
      throw e;
    }
    refresh.registry();
    return Reply.ok().with("domain", name).build();
  }

  private Reply delete(Call call) {
    var name = call.text("domain");
    if (!call.flag("domain")) {
      return Reply.err(NO_DOMAIN);
    }
    var domain =
        call.fresh().registry().domain(name).orElseThrow(() -> new Refused(DOMAIN_NOT_FOUND));
    return switch (registry.deleteDomain(domain.id())) {
      case REMOVED -> {
        Mincopies.set(registry, domain.id(), ClassId.DEFAULT, 1);
        refresh.registry();
        yield Reply.ok().with("domain", name).build();
      }
      case HAS_FILES -> Reply.err(DOMAIN_HAS_FILES);
      case HAS_CLASSES -> Reply.err(DOMAIN_HAS_CLASSES);
    };
  }
}
