package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.command.SettingRule.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingRuleTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          skip_mkcol, 1, 1
          skip_mkcol, True, 1
          skip_mkcol, ON, 1
          skip_mkcol, yes, 1
          skip_mkcol, '', 0
          skip_mkcol, 0, 0
          skip_mkcol, false, 0
          skip_mkcol, Off, 0
          skip_mkcol, no, 0
          skip_devcount, t, 1
          case_sensitive_list_keys, n, 0
          memcache_ttl, '', 0
          memcache_ttl, 3600, 3600
          internal_queue_limit, 10, 10
          memcache_servers, 'a:1,b:2', 'a:1,b:2'
          network_zones, 'near,far', 'near,far'
          queue_rate_for_fsck, anything, anything
          zone_near, '10.0.0.0/8, 192.168.0.0:255.255.0.0 1.2.3.4', '10.0.0.0/8, 192.168.0.0:255.255.0.0 1.2.3.4'
          slave_keys, 'a,b', 'a,b'
          fsck_checksum, off, off
          fsck_checksum, MD5, MD5
          fsck_checksum, SHA-1, SHA-1
          fsck_rate, 1000000, 1000000
          fsck_schedule, ' 0 3 * * 1-5', '0 3 * * 1-5'
          fsck_schedule_full, off, off
          """)
  void kept(String key, String value, String kept) {
    assertThat(SettingRule.of(key).orElseThrow().judge(Optional.of(value)))
        .isEqualTo(new Verdict.Store(Optional.of(kept)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          skip_mkcol, maybe
          memcache_ttl, x
          memcache_ttl, -1
          zone_near, 'ten slash eight'
          zone_near, 10.0.0.0/33
          fsck_checksum, md5
          fsck_schedule, nightly
          fsck_schedule_full, '0 3 * *'
          fsck_rate, fast
          fsck_checksum, ''
          """)
  void refused(String key, String value) {
    assertThat(SettingRule.of(key).orElseThrow().judge(Optional.of(value)))
        .isInstanceOf(Verdict.Refuse.class);
  }

  @ParameterizedTest
  @CsvSource({"slave_keys, ''", "slave_a, 0", "fsck_checksum, class"})
  void removed(String key, String value) {
    assertThat(SettingRule.of(key).orElseThrow().judge(Optional.of(value)))
        .isEqualTo(new Verdict.Store(Optional.empty()));
  }

  @Test
  void settingWithoutAValueGoes() {
    assertThat(SettingRule.of("memcache_servers").orElseThrow().judge(Optional.empty()))
        .isEqualTo(new Verdict.Store(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"schema_version", "foo", "", "fsck_host", "rebal_policy", "zone"})
  void notForClients(String key) {
    assertThat(SettingRule.of(key)).isEmpty();
  }

  @Test
  void settingThatTheColumnCannotHoldIsNotForClients() {
    assertThat(SettingRule.of("zone_" + "x".repeat(45))).isPresent();
    assertThat(SettingRule.of("zone_" + "x".repeat(46))).isEmpty();
  }
}
