package io.hayloft.bench.server;

/** A program that is measured against, or with, is not installed. */
public final class MissingProgramException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MissingProgramException(String name) {
    super(
        "%s is not installed here, or not on the path: install it, for example with: apt install %s"
            .formatted(name, name));
  }
}
