package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Table;
import io.hayloft.client.DomainInfo;
import io.hayloft.client.DomainInfo.ClassInfo;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A class as the lists show it. */
record ClassRow(String domain, ClassInfo definition) {

  static final Table<ClassRow> TABLE =
      new Table<ClassRow>()
          .words("domain", "domain", ClassRow::domain)
          .words("class", "class", row -> row.definition().name())
          .numbers("mindevcount", "mindevcount", row -> row.definition().mindevcount())
          .words("replpolicy", "replpolicy", row -> row.definition().replpolicy())
          .words("hashtype", "hashtype", row -> row.definition().hashtype())
          .numbers("mincopies", "mincopies", row -> row.definition().mincopies());

  static Stream<ClassRow> of(DomainInfo domain) {
    return domain.classes().stream().map(each -> new ClassRow(domain.name(), each));
  }

  static List<Map<String, @Nullable Object>> classes(DomainInfo domain) {
    return domain.classes().stream()
        .map(
            each ->
                Json.object(
                    "class", each.name(),
                    "mindevcount", each.mindevcount(),
                    "replpolicy", each.replpolicy(),
                    "hashtype", each.hashtype(),
                    "mincopies", each.mincopies()))
        .toList();
  }
}
