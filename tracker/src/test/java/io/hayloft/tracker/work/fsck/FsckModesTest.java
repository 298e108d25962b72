package io.hayloft.tracker.work.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.work.WorkFixture;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FsckModesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @Test
  void contentsAreReadAsFastAsTheRunOrElseTheSettingSays() throws Exception {
    try (var fixture = new WorkFixture(DATABASE)) {
      var tracker = fixture.tracker("t");
      var modes = new FsckModes(tracker.monitor(), fixture.stores().registry());
      assertThat(modes.bytesPerSecond(FsckTerms.USUAL)).isEmpty();

      fixture.sql("INSERT INTO server_settings VALUES ('fsck_rate', '5000')");
      tracker.monitor().refresh();
      assertThat(modes.bytesPerSecond(FsckTerms.USUAL)).hasValue(5000);
      var ofTheRun = new FsckTerms(FsckTerms.Depth.FULL, FsckTerms.Scope.ALL, OptionalLong.of(70));
      assertThat(modes.bytesPerSecond(ofTheRun)).hasValue(70);

      fixture.sql("UPDATE server_settings SET value = '0' WHERE field = 'fsck_rate'");
      tracker.monitor().refresh();
      assertThat(modes.bytesPerSecond(FsckTerms.USUAL)).isEmpty();
    }
  }
}
