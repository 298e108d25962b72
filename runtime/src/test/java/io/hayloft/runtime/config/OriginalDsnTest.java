package io.hayloft.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginalDsnTest {

  @ParameterizedTest
  @CsvSource({
    "DBI:mysql:mogilefs,jdbc:mysql://localhost:3306/mogilefs",
    "dbi:mysql:mogilefs:host=db1,jdbc:mysql://db1:3306/mogilefs",
    "DBI:mysql:mogilefs:host=db1;port=3307,jdbc:mysql://db1:3307/mogilefs",
    "DBI:mysql:mogilefs:db1:3307,jdbc:mysql://db1:3307/mogilefs",
    "DBI:mysql:host=db1;database=m,jdbc:mysql://db1:3306/m",
    "DBI:MariaDB:dbname=m;hostname=[::1],jdbc:mysql://[::1]:3306/m",
    "DBI:mysql(RaiseError=>1):m,jdbc:mysql://localhost:3306/m",
    "DBI:mysql:m:mysql_socket=/run/s.sock,jdbc:mysql://localhost:3306/m",
    "DBI:mysql:my db,jdbc:mysql://localhost:3306/my%20db",
    "DBI:mysql:m;mysql_connect_timeout=3;mysql_ssl=1,"
        + "jdbc:mysql://localhost:3306/m?connectTimeout=3000&sslMode=REQUIRED",
    "DBI:mysql:m;mysql_ssl=0;mysql_compression=1,"
        + "jdbc:mysql://localhost:3306/m?useCompression=true"
  })
  void namesOfMysqlDatabasesBecomeUrls(String dsn, String url) {
    assertThat(OriginalDsn.jdbcUrl(dsn)).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({
    "DBI:Pg:dbname=m;host=h,PostgreSQL",
    "DBI:SQLite:/var/m.db,SQLite",
    "DBI:Oracle:x,Oracle",
    "mogilefs,data source name",
    "DBI:mysql:,names no database",
    "DBI:mysql:m;port=x,port",
    "DBI:mysql:m;mysql_connect_timeout=x,seconds",
    "DBI:mysql:m;mysql_read_default_file=/x,mysql_read_default_file"
  })
  void othersAreRefusedInASentence(String dsn, String word) {
    assertThatThrownBy(() -> OriginalDsn.jdbcUrl(dsn))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(word);
  }
}
