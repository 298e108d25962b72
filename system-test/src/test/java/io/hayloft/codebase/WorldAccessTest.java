package io.hayloft.codebase;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Clocks, threads and chance are read in {@code runtime} and passed in everywhere else, so that a
 * test can set them by hand. The client library stands on the JDK alone and keeps its own in one
 * class.
 */
class WorldAccessTest {

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.lang.Thread.sleep");
  private static final Set<String> THREADS =
      Set.of(
          "java.lang.Thread.<init>",
          "java.lang.Thread.start",
          "java.lang.Thread.ofVirtual",
          "java.lang.Thread.ofPlatform",
          "java.lang.Thread.startVirtualThread");
  private static final Set<String> CHANCE =
      Set.of("java.lang.Math.random", "java.util.UUID.randomUUID", "java.util.Random.<init>");
  private static final Set<String> THREAD_MAKERS =
      Set.of(
          "java.util.concurrent.Executors",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.ScheduledThreadPoolExecutor",
          "java.util.concurrent.ForkJoinPool",
          "java.util.Timer");
  private static final Set<String> CHANCE_MAKERS =
      Set.of("java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom");

  private static JavaClasses production;

  @BeforeAll
  static void readProductionClasses() {
    production =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.hayloft");
  }

  private static DescribedPredicate<JavaAccess<?>> callTo(
      String what, Set<String> members, Set<String> owners) {
    return describe(
        what,
        access ->
            members.contains(access.getTargetOwner().getName() + "." + access.getName())
                || owners.contains(access.getTargetOwner().getName()));
  }

  private static void onlyInRuntime(String what, Set<String> members, Set<String> owners) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.hayloft.runtime..", "io.hayloft.client..", "io.hayloft.testkit..")
        .should()
        .accessTargetWhere(callTo(what, members, owners))
        .check(production);
  }

  @Test
  void clocksAreReadInRuntimeOnly() {
    onlyInRuntime("read a clock", CLOCKS, Set.of());
  }

  @Test
  void threadsAreStartedInRuntimeOnly() {
    onlyInRuntime("start a thread", THREADS, THREAD_MAKERS);
  }

  @Test
  void chanceIsDrawnInRuntimeOnly() {
    onlyInRuntime("draw a random number", CHANCE, CHANCE_MAKERS);
  }
}
