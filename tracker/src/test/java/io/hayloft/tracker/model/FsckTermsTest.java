package io.hayloft.tracker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.model.FsckTerms.Scope;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a check is asked, as a setting keeps it. */
class FsckTermsTest {

  @Test
  void whatIsWrittenIsReadBack() {
    for (var depth : Depth.values()) {
      var terms =
          new FsckTerms(
              depth,
              new Scope(
                  Optional.of(new DomainId(0)),
                  Optional.of(new ClassId(255)),
                  Optional.of(new DeviceId(DeviceId.MAX))),
              OptionalLong.of(Long.MAX_VALUE / 100));
      assertThat(FsckTerms.parse(terms.text())).isEqualTo(terms);
    }
    assertThat(FsckTerms.parse(FsckTerms.USUAL.text())).isEqualTo(FsckTerms.USUAL);
  }

  @Test
  void whatNobodyKnowsIsTheUsual() {
    assertThat(FsckTerms.parse("")).isEqualTo(FsckTerms.USUAL);
    assertThat(FsckTerms.parse("depth=deeper zone=a rate=-3 domain=x")).isEqualTo(FsckTerms.USUAL);
  }
}
