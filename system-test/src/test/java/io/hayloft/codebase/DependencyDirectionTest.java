package io.hayloft.codebase;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The directions of dependency that docs/architecture.md draws, between modules and inside the
 * tracker.
 */
class DependencyDirectionTest {

  private static JavaClasses production;

  @BeforeAll
  static void readProductionClasses() {
    production =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.hayloft");
    assertThat(production.size()).as("classes found").isGreaterThan(100);
  }

  private static void packageKnowsOnly(String owner, String... known) {
    var allowed = new String[known.length + 1];
    System.arraycopy(known, 0, allowed, 0, known.length);
    allowed[known.length] = owner;
    noClasses()
        .that()
        .resideInAPackage(owner)
        .should()
        .dependOnClassesThat(resideInAPackage("io.hayloft..").and(not(resideInAnyPackage(allowed))))
        .check(production);
  }

  @Test
  void protocolKnowsNobody() {
    packageKnowsOnly("io.hayloft.protocol..");
  }

  @Test
  void schemaKnowsNobody() {
    packageKnowsOnly("io.hayloft.schema..");
  }

  @Test
  void runtimeKnowsNobody() {
    packageKnowsOnly("io.hayloft.runtime..");
  }

  @Test
  void embeddedDatabaseKnowsNobody() {
    packageKnowsOnly("io.hayloft.embedded..");
  }

  @Test
  void clientKnowsOnlyTheProtocol() {
    packageKnowsOnly("io.hayloft.client..", "io.hayloft.protocol..");
    noClasses()
        .that()
        .resideInAPackage("io.hayloft.client..")
        .should()
        .dependOnClassesThat(
            not(
                resideInAnyPackage(
                    "io.hayloft.client..",
                    "io.hayloft.protocol..",
                    "java..",
                    "org.slf4j..",
                    "org.jspecify..")))
        .check(production);
  }

  @Test
  void storageNodeDoesNotKnowTheTracker() {
    packageKnowsOnly("io.hayloft.node..", "io.hayloft.protocol..", "io.hayloft.runtime..");
  }

  @Test
  void trackerKnowsProtocolRuntimeAndSchema() {
    packageKnowsOnly(
        "io.hayloft.tracker..",
        "io.hayloft.protocol..",
        "io.hayloft.runtime..",
        "io.hayloft.schema..");
  }

  @Test
  void trackersModelKnowsOnlyTheProtocol() {
    packageKnowsOnly("io.hayloft.tracker.model..", "io.hayloft.protocol..");
  }

  @Test
  void trackersPolicyKnowsOnlyTheModel() {
    packageKnowsOnly(
        "io.hayloft.tracker.policy..", "io.hayloft.tracker.model..", "io.hayloft.protocol..");
  }

  @Test
  void trackersPortsKnowOnlyTheModel() {
    packageKnowsOnly(
        "io.hayloft.tracker.store", "io.hayloft.tracker.model..", "io.hayloft.protocol..");
    packageKnowsOnly(
        "io.hayloft.tracker.node", "io.hayloft.tracker.model..", "io.hayloft.protocol..");
  }

  @Test
  void trackersPluginsSeeTheWorldThroughPorts() {
    packageKnowsOnly(
        "io.hayloft.tracker.plugin..",
        "io.hayloft.tracker.policy..",
        "io.hayloft.tracker.model..",
        "io.hayloft.tracker.store",
        "io.hayloft.protocol..",
        "io.hayloft.runtime..");
  }

  @Test
  void trackersCommandsSeeTheWorldThroughPorts() {
    packageKnowsOnly(
        "io.hayloft.tracker.command..",
        "io.hayloft.tracker.plugin",
        "io.hayloft.tracker.policy..",
        "io.hayloft.tracker.model..",
        "io.hayloft.tracker.store",
        "io.hayloft.tracker.node",
        "io.hayloft.protocol..",
        "io.hayloft.runtime..");
  }

  @Test
  void trackersWorkSeesTheWorldThroughPorts() {
    packageKnowsOnly(
        "io.hayloft.tracker.work..",
        "io.hayloft.tracker.plugin",
        "io.hayloft.tracker.policy..",
        "io.hayloft.tracker.model..",
        "io.hayloft.tracker.store",
        "io.hayloft.tracker.node",
        "io.hayloft.protocol..",
        "io.hayloft.runtime..");
  }

  /** What is measured is started as operators start it, and looked at from outside. */
  @Test
  void benchmarksSeeDaemonsFromOutside() {
    noClasses()
        .that()
        .resideInAPackage("io.hayloft.bench..")
        .and()
        .resideOutsideOfPackage("io.hayloft.bench.growth..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.hayloft..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.hayloft.bench..",
                            "io.hayloft.protocol..",
                            "io.hayloft.runtime..",
                            "io.hayloft.embedded.."))))
        .check(production);
  }

  /** How fast the database takes files shows only where no node has to be asked. */
  @Test
  void benchmarkOfGrowthAlsoKnowsTheTrackersStore() {
    packageKnowsOnly(
        "io.hayloft.bench.growth..",
        "io.hayloft.bench..",
        "io.hayloft.protocol..",
        "io.hayloft.runtime..",
        "io.hayloft.tracker.model",
        "io.hayloft.tracker.store",
        "io.hayloft.tracker.store.jdbc");
  }

  @Test
  void decisionsTouchNoSocketNoDatabaseNoServer() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.hayloft.tracker.model..",
            "io.hayloft.tracker.policy..",
            "io.hayloft.tracker.plugin..",
            "io.hayloft.tracker.command..",
            "io.hayloft.tracker.work..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "java.net..", "org.eclipse.jetty..")
        .check(production);
  }

  @Test
  void sqlLivesInOneRoom() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.hayloft.tracker.store.jdbc..",
            "io.hayloft.schema..",
            "io.hayloft.embedded..",
            "io.hayloft.bench.database..",
            "io.hayloft.testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer.hikari..")
        .check(production);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.hayloft.(**)").should().beFreeOfCycles().check(production);
  }
}
