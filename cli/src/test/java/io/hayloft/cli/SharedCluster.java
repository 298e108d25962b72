package io.hayloft.cli;

import io.hayloft.client.HayloftAdmin;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@link TestCluster} for all tests of a class, with a database and disks of its own. Register it
 * with {@code @RegisterExtension static final SharedCluster CLUSTER = new SharedCluster();}.
 */
public final class SharedCluster implements BeforeAllCallback, AfterAllCallback {

  private final TestDatabase database = new TestDatabase();
  private @Nullable Path disks;
  private @Nullable TestCluster cluster;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    database.beforeAll(context);
    disks = Files.createTempDirectory("hayloft-disks");
    cluster = new TestCluster(database, disks);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (disks != null) {
      delete(disks);
    }
    database.afterAll(context);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Command lines that find this cluster by their environment. */
  public Cli cli(Path home) {
    return started().cli(home);
  }

  public HayloftAdmin admin() {
    return started().admin();
  }

  public String address() {
    return started().address();
  }

  private TestCluster started() {
    if (cluster == null) {
      throw new IllegalStateException("register this as a static @RegisterExtension field");
    }
    return cluster;
  }
}
