package io.hayloft.testkit;

import io.hayloft.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

/**
 * The database server that this JVM's tests run against, started on first use: the one that {@code
 * HAYLOFT_TEST_JDBC_URL} names, else MySQL in a container where Docker is there, else an embedded
 * MariaDB. Always a real one.
 */
interface DatabaseServer extends AutoCloseable {

  /**
   * Nobody wants to read the data of a test after a power cut, so nothing waits for the disk; and
   * tables that come and go are not files.
   */
  List<String> OF_NO_USE_AFTERWARDS =
      List.of(
          "--innodb-flush-log-at-trx-commit=0",
          "--innodb-flush-method=nosync",
          "--innodb-doublewrite=0",
          "--innodb-file-per-table=0");

  /** The address of a database of that name, created on first use. */
  String url(String database);

  String user();

  String password();

  @Override
  void close();

  static DatabaseServer start() {
    var given = System.getenv("HAYLOFT_TEST_JDBC_URL");
    if (given != null && !given.isEmpty()) {
      return new Given(given);
    }
    return DockerClientFactory.instance().isDockerAvailable()
        ? new Container(startContainer())
        : embedded();
  }

  /** Closed by {@link Container#close}. */
  private static MySQLContainer startContainer() {
    var container = new MySQLContainer("mysql:8.4").withUsername("root").withPassword("hayloft");
    container.start();
    return container;
  }

  private static DatabaseServer embedded() {
    var data =
        Path.of(
            System.getProperty("user.dir"),
            "target",
            "test-database-" + ProcessHandle.current().pid());
    return new Embedded(EmbeddedDatabase.start(data, 0, OF_NO_USE_AFTERWARDS), data);
  }

  /**
   * A server that somebody else runs.
   *
   * @param url with the database's name as its path; user and password as parameters or in {@code
   *     HAYLOFT_TEST_JDBC_USER} and {@code HAYLOFT_TEST_JDBC_PASSWORD}
   */
  record Given(String url) implements DatabaseServer {

    @Override
    public String url(String database) {
      int slash = url.indexOf('/', url.indexOf("//") + 2);
      int query = url.indexOf('?');
      var server = slash < 0 ? url : url.substring(0, slash);
      var parameters = query < 0 ? "?" : url.substring(query) + "&";
      return server + "/" + database + parameters + "createDatabaseIfNotExist=true";
    }

    @Override
    public String user() {
      return environment("HAYLOFT_TEST_JDBC_USER");
    }

    @Override
    public String password() {
      return environment("HAYLOFT_TEST_JDBC_PASSWORD");
    }

    private static String environment(String name) {
      var value = System.getenv(name);
      return value == null ? "" : value;
    }

    @Override
    public void close() {
      // Not ours to stop.
    }
  }

  /** MySQL in a container. */
  record Container(MySQLContainer mysql) implements DatabaseServer {

    @Override
    public String url(String database) {
      return "jdbc:mysql://%s:%d/%s?createDatabaseIfNotExist=true&useSSL=false&allowPublicKeyRetrieval=true"
          .formatted(mysql.getHost(), mysql.getMappedPort(3306), database);
    }

    @Override
    public String user() {
      return "root";
    }

    @Override
    public String password() {
      return "hayloft";
    }

    @Override
    public void close() {
      mysql.stop();
    }
  }

  /** MariaDB from a Maven artefact; its data go when the tests end. */
  record Embedded(EmbeddedDatabase database, Path data) implements DatabaseServer {

    @Override
    public String url(String name) {
      return database.jdbcUrl(name);
    }

    @Override
    public String user() {
      return EmbeddedDatabase.USER;
    }

    @Override
    public String password() {
      return EmbeddedDatabase.PASSWORD;
    }

    @Override
    public void close() {
      database.close();
      try (var files = Files.walk(data)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot remove " + data, e);
      }
    }
  }
}
