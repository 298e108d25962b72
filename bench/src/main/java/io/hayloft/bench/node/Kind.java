package io.hayloft.bench.node;

import static io.hayloft.bench.server.Contender.HAYLOFT;
import static io.hayloft.bench.server.Contender.NGINX_COPYING;
import static io.hayloft.bench.server.Contender.NGINX_DAV;
import static io.hayloft.bench.server.Contender.NGINX_SENDFILE;

import io.hayloft.bench.server.Contender;
import java.util.List;

/** What is done with files. */
enum Kind {
  GET("GET", "full"),
  PUT("PUT", "none"),
  /** Beside nginx, which is not durable. */
  DURABLE_PUT("PUT", "full");

  private final String method;
  private final String durability;

  Kind(String method, String durability) {
    this.method = method;
    this.durability = durability;
  }

  String method() {
    return method;
  }

  /** What Hayloft's setting of that name is. */
  String durability() {
    return durability;
  }

  List<Contender> contenders() {
    return writes() ? List.of(HAYLOFT, NGINX_DAV) : List.of(HAYLOFT, NGINX_SENDFILE, NGINX_COPYING);
  }

  boolean writes() {
    return this != GET;
  }
}
