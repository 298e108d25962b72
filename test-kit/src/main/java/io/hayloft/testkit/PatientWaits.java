package io.hayloft.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test wait three times as long as Awaitility would for what must come: its machine may
 * have much else to do. Found by JUnit itself, for all tests of a module that has this one.
 */
public final class PatientWaits implements BeforeAllCallback {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public void beforeAll(ExtensionContext tests) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
