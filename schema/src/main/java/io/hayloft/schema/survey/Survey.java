package io.hayloft.schema.survey;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a database has in it that matters to whoever wants to take it over. Numbers of rows are
 * counted up to {@link #COUNTED_TO} only; a greater number means more than that.
 *
 * @param tables by name, in lower case
 * @param skipped what could not be looked at in the time allowed, or for want of an index
 */
public record Survey(
    Server server,
    Map<String, Table> tables,
    Rows rows,
    Files files,
    List<Queue> queues,
    List<String> skipped) {

  /** Counting ends here, so that it is quick on a database of any size. */
  public static final long COUNTED_TO = 100_000;

  public Survey {
    tables = Map.copyOf(tables);
    queues = List.copyOf(queues);
    skipped = List.copyOf(skipped);
  }

  /**
   * The server and our place on it.
   *
   * @param grants as the server lists them
   * @param others connections to the same database, as far as this account may see them
   */
  public record Server(
      String version,
      String sqlMode,
      String database,
      List<String> grants,
      List<Connected> others) {

    public Server {
      grants = List.copyOf(grants);
      others = List.copyOf(others);
    }
  }

  /** Connections of an account from a machine. */
  public record Connected(String user, String host, long connections) {}

  /** What operators set up. */
  public record Rows(
      List<HostRow> hosts,
      List<DeviceRow> devices,
      List<DomainRow> domains,
      List<ClassRow> classes,
      Map<String, String> settings) {

    public Rows {
      hosts = List.copyOf(hosts);
      devices = List.copyOf(devices);
      domains = List.copyOf(domains);
      classes = List.copyOf(classes);
      settings = Map.copyOf(settings);
    }
  }

  /** A row of the table {@code host}; what is NULL is empty. */
  public record HostRow(int id, String name, String status, String ip, String altIp) {}

  /** A row of the table {@code device}. */
  public record DeviceRow(int id, int host, String status) {}

  /** A row of the table {@code domain}. */
  public record DomainRow(int id, String name) {}

  /** A row of the table {@code class}; what is NULL is empty. */
  public record ClassRow(
      int domain,
      int id,
      String name,
      int mindevcount,
      OptionalInt hash,
      Optional<String> policy) {}

  /**
   * The files.
   *
   * @param highestFid in any table
   * @param nextFid that the next upload would get from the counter
   * @param devices on which there are copies
   * @param unusable rows with no key, or with the fid 0
   */
  public record Files(
      long highestFid,
      OptionalLong nextFid,
      List<Group> groups,
      List<Integer> devices,
      List<SampledKey> keys,
      long unusable) {

    public static final Files NONE =
        new Files(0, OptionalLong.empty(), List.of(), List.of(), List.of(), 0);

    public Files {
      groups = List.copyOf(groups);
      devices = List.copyOf(devices);
      keys = List.copyOf(keys);
    }
  }

  /** The files of a class of a domain, by the numbers in their rows. */
  public record Group(int domain, int fileClass, long files) {}

  /**
   * A key of the sample, one char per byte.
   *
   * @param stored in the character set of its column
   * @param seen by a connection that speaks latin1, as trackers do
   */
  public record SampledKey(String stored, String seen) {}

  /**
   * A queue.
   *
   * @param givenUp rows that wait for a person
   */
  public record Queue(String name, long rows, long givenUp) {}
}
