package io.hayloft.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "7001,0.0.0.0,7001",
    ":7001,0.0.0.0,7001",
    "db1:0,db1,0",
    "[::1]:7001,::1,7001",
    "' 10.0.0.1:80 ',10.0.0.1,80"
  })
  void hostAndPortAreRead(String text, String host, int port) {
    assertThat(Address.parse(text)).isEqualTo(new Address(host, port));
  }

  @Test
  void textIsReadBackAsWritten() {
    assertThat(new Address("::1", 7001)).hasToString("[::1]:7001");
    assertThat(Address.parse(new Address("::1", 7001).toString()))
        .isEqualTo(new Address("::1", 7001));
    assertThat(new Address("db1", 1)).hasToString("db1:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", "host:http", "::1:7001", "a:65536", "a:-1", "[]:1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
