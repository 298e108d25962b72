package io.hayloft.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  private static final List<String> KNOWN = List.of("listen", "query_jobs", "placement.pause");

  @Test
  void slipsOfTheFingersAreUnderstood() {
    assertThat(Nearest.to("lsiten", KNOWN)).contains("listen");
    assertThat(Nearest.to("queryjobs", KNOWN)).contains("query_jobs");
    assertThat(Nearest.to("query-jobs", KNOWN)).contains("query_jobs");
    assertThat(Nearest.to("pause", KNOWN)).contains("placement.pause");
  }

  @Test
  void aDifferentWordIsNoSuggestion() {
    assertThat(Nearest.to("colour", KNOWN)).isEmpty();
    assertThat(Nearest.hint("colour", KNOWN)).isEmpty();
    assertThat(Nearest.to("x", List.of())).isEmpty();
  }
}
