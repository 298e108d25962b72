package io.hayloft.bench.server;

/** Who is compared. */
public enum Contender {
  HAYLOFT("Hayloft"),
  NGINX_SENDFILE("sendfile on"),
  NGINX_COPYING("sendfile off"),
  NGINX_DAV("dav");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** What it is called in a table; of nginx only how it is set up. */
  public String title() {
    return title;
  }

  public boolean isOurs() {
    return this == HAYLOFT;
  }
}
