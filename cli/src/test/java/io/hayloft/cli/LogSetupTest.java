package io.hayloft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogSetupTest {

  private static final String ROOT = org.slf4j.Logger.ROOT_LOGGER_NAME;

  @Test
  void daemonsTellMoreThanCommands() {
    assertThat(LogSetup.levels(Map.of(), true)).containsEntry(ROOT, Level.INFO);
    assertThat(LogSetup.levels(Map.of(), false)).containsEntry(ROOT, Level.WARN);
  }

  @Test
  void variableSetsAllOrOnePackage() {
    var levels =
        LogSetup.levels(Map.of("HAYLOFT_LOG", "io.hayloft.tracker.work=debug,error"), true);

    assertThat(levels)
        .containsEntry(ROOT, Level.ERROR)
        .containsEntry("io.hayloft.tracker.work", Level.DEBUG);
  }

  @Test
  void nonsenseIsTheUsualLevel() {
    assertThat(LogSetup.levels(Map.of("HAYLOFT_LOG", "loud"), true))
        .containsEntry(ROOT, Level.INFO);
  }
}
