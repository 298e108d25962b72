package io.hayloft.client;

import java.util.List;

/** A domain and its classes, {@code default} among them. */
public record DomainInfo(String name, List<ClassInfo> classes) {

  public DomainInfo {
    classes = List.copyOf(classes);
  }

  /**
   * A class of files.
   *
   * @param mindevcount how many devices shall have a copy
   * @param replpolicy how the copies are spread, such as {@code MultipleHosts()}
   * @param hashtype the digest that is kept: {@code MD5}, {@code SHA-1} or {@code NONE}
   * @param mincopies how many durable copies there must be before a close is answered; 1 is usual
   */
  public record ClassInfo(
      String name, int mindevcount, String replpolicy, String hashtype, int mincopies) {}
}
