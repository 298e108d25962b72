package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.tracker.model.Device;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies from elsewhere; {@link EvenDevices} is installed by a file of the test resources. */
class InstalledPoliciesTest {

  private final ReplicationPolicies policies =
      ReplicationPolicies.installed(InstalledPoliciesTest.class.getClassLoader());

  @TempDir Path directory;

  private ReplicationPolicy policy(String text) {
    return ((ReplicationPolicies.Parsed.Known) policies.parse(text)).policy();
  }

  private Placement place(String policy, String drawn) {
    return policy(policy).place(Drawing.of(drawn).situation(1), new Random(1));
  }

  @Test
  void anInstalledPolicyIsUsedLikeAnyOther() {
    assertThat(policies.names()).contains("EvenDevices", "MultipleHosts");
    assertThat(place("EvenDevices(2)", "h1[1X 2X] h2[3_ 4_]"))
        .isInstanceOfSatisfying(
            Placement.Wanted.class,
            wanted -> assertThat(wanted.ideal()).extracting(Device::id).isEqualTo(Drawing.ids(4)));
    assertThat(place("EvenDevices()", "h1[2X] h2[3_ 4_]")).isEqualTo(new Placement.Satisfied());
    assertThat(policies.parse("EvenDevices(many)"))
        .isEqualTo(new ReplicationPolicies.Parsed.Unknown("'many' is not a number of copies"));
  }

  @Test
  void anInstalledPolicyMayBeAMemberOfAUnion() {
    var union = "Union(MultipleHosts(2), EvenDevices())";

    assertThat(place(union, "h1[1X 2_] h2[3_ 4_]"))
        .isInstanceOfSatisfying(
            Placement.Wanted.class,
            wanted -> assertThat(wanted.best().id()).isEqualTo(Drawing.ids(4).getFirst()));
    assertThat(place(union, "h1[1X 2_] h2[3_ 4X]")).isEqualTo(new Placement.Satisfied());
    assertThat(place(union, "h1[1X 2X] h2[3_ 4X]")).isEqualTo(new Placement.Excess());
  }

  @Test
  void whatItGivesUpFirstIsItsOwnChoice() {
    var situation = Drawing.of("h1[1X] h2[3X] h3[4X]").situation(1);

    assertThat(policy("EvenDevices()").reduced(situation, new Random(1)).on())
        .containsExactlyElementsOf(Drawing.ids(4));
  }

  @Test
  void whatMayNotBeUsedIsNotProposedWhateverAnInstalledPolicySays() {
    assertThat(place("EvenDevices(rude)", "h1[1X 2_] h2[3_:readonly 4_:down] h3:down[5_]"))
        .isInstanceOfSatisfying(
            Placement.Wanted.class,
            wanted -> {
              assertThat(wanted.ideal()).extracting(Device::id).isEqualTo(Drawing.ids(2));
              assertThat(wanted.desperate()).isEmpty();
            });
    assertThat(place("EvenDevices(rude)", "h1[1X]")).isEqualTo(new Placement.Impossible());
  }

  @Test
  void aPolicyThatFailsIsRefusedWithAReason() {
    assertThat(policies.parse("EvenDevices(broken)"))
        .isEqualTo(
            new ReplicationPolicies.Parsed.Unknown(
                "policy 'EvenDevices' failed: java.lang.UnsupportedOperationException: not on a"
                    + " Sunday"));
  }

  @Test
  void aNameThatIsTakenIsToldAtTheStart() {
    assertThatThrownBy(() -> ReplicationPolicies.builtIn().and(List.of(named("Union"))))
        .isInstanceOf(UnusablePolicyException.class)
        .hasMessageContaining("'Union'")
        .hasMessageContaining("built in");
    assertThatThrownBy(() -> policies.and(List.of(named("EvenDevices"))))
        .isInstanceOf(UnusablePolicyException.class)
        .hasMessageContaining(EvenDevices.class.getName());
  }

  @Test
  void aNameThatCannotBeWrittenIsToldAtTheStart() {
    for (var name : List.of("", "two words", "a(b)")) {
      assertThatThrownBy(() -> ReplicationPolicies.builtIn().and(List.of(named(name))))
          .isInstanceOf(UnusablePolicyException.class)
          .hasMessageContaining("no usable name");
    }
  }

  @Test
  void aClassThatIsNotThereIsToldAtTheStart() throws IOException {
    var services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(ReplicationPolicyFactory.class.getName()), "org.example.Missing\n");

    try (var loader =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, InstalledPoliciesTest.class.getClassLoader())) {
      assertThatThrownBy(() -> ReplicationPolicies.installed(loader))
          .isInstanceOf(UnusablePolicyException.class)
          .hasMessageContaining("org.example.Missing");
    }
  }

  private static ReplicationPolicyFactory named(String name) {
    return new ReplicationPolicyFactory() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public ReplicationPolicy make(PolicyArguments arguments) {
        throw new IllegalArgumentException("never made");
      }
    };
  }
}
