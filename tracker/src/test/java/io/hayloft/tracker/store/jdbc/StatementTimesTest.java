package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementTimesTest {

  @Test
  void statementsForMoreAndForFewerRowsHaveOneName() {
    assertThat(StatementTimes.name("SELECT a FROM t WHERE (x, y) IN ((?, ?), (?, ?), (?, ?))"))
        .isEqualTo(StatementTimes.name("SELECT a FROM t WHERE (x, y) IN ((?, ?))"))
        .isEqualTo("SELECT a FROM t WHERE (x, y) IN ((?))");
    assertThat(StatementTimes.name("SELECT a FROM t  WHERE x IN (?, ?, ?, ?)"))
        .isEqualTo("SELECT a FROM t WHERE x IN (?)");
  }

  @Test
  void aLongOneIsCut() {
    assertThat(StatementTimes.name("SELECT " + "a".repeat(500))).hasSize(201);
  }
}
