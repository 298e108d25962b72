package io.hayloft.systemtest;

import io.hayloft.embedded.FreePorts;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/**
 * The compose file's services, with everything that only exists inside containers put into this
 * machine's terms: each container's address becomes one of the loopback network, each port a free
 * one, each volume a directory, the database the test's own.
 */
final class ComposeFile {

  private static final Pattern CONTAINER_ADDRESS = Pattern.compile("172\\.28\\.0\\.(\\d+)");
  private static final Pattern PORT = Pattern.compile("(?<=:|^)(7\\d{3})(?=$|[^0-9])");
  private static final String DOCROOT = "/var/mogdata";

  private final Map<String, Map<String, Object>> services;
  private final TestDatabase database;
  private final Path directory;
  private final Map<String, Integer> ports = new HashMap<>();

  private ComposeFile(
      Map<String, Map<String, Object>> services, TestDatabase database, Path directory) {
    this.services = services;
    this.database = database;
    this.directory = directory;
  }

  static ComposeFile read(Path file, TestDatabase database, Path directory) throws IOException {
    Map<String, Object> all = new Yaml().load(Files.readString(file));
    return new ComposeFile(mapOfMaps(all.get("services")), database, directory);
  }

  @SuppressWarnings("unchecked") // YAML says what it is only when it is read
  private static Map<String, Map<String, Object>> mapOfMaps(Object value) {
    return (Map<String, Map<String, Object>>) value;
  }

  @SuppressWarnings("unchecked") // as above
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // as above
  private static List<String> texts(Object value) {
    return (List<String>) value;
  }

  /** The services that run that subcommand of the image, in the order of the file. */
  List<String> running(String subcommand) {
    return services.entrySet().stream()
        .filter(each -> List.of(subcommand).equals(each.getValue().get("command")))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A service's variables in this machine's terms; its volumes are made. */
  Map<String, String> environment(String service) throws IOException {
    var body = services.getOrDefault(service, Map.of());
    for (var volume : texts(body.getOrDefault("volumes", List.of()))) {
      var inside = volume.substring(volume.indexOf(':') + 1);
      Files.createDirectories(
          docroot(service).resolve(Path.of(DOCROOT).relativize(Path.of(inside))));
    }
    var environment = map(body.getOrDefault("environment", Map.of()));
    var here = new LinkedHashMap<String, String>();
    environment.forEach(
        (name, value) -> here.put(name, translate(service, name, value.toString())));
    return here;
  }

  private String translate(String service, String name, String value) {
    return switch (name) {
      case "HAYLOFT_DATABASE_URL" -> database.url();
      case "HAYLOFT_DATABASE_USER" -> database.user();
      case "HAYLOFT_DATABASE_PASSWORD" -> database.password();
      case "HAYLOFT_DOCROOT" -> docroot(service).toString();
      default -> translateAddresses(service, value);
    };
  }

  private String translateAddresses(String service, String value) {
    var named = value;
    for (var other : services.keySet()) {
      named = named.replace(other + ":", address(other) + ":");
    }
    var addressed =
        CONTAINER_ADDRESS
            .matcher(named.replace("0.0.0.0", address(service)))
            .replaceAll("127.0.1.$1");
    return PORT.matcher(addressed).replaceAll(port -> Integer.toString(port(port.group(1))));
  }

  /** The loopback address that stands for a service's container. */
  String address(String service) {
    Object networks = services.getOrDefault(service, Map.of()).get("networks");
    if (!(networks instanceof Map)) {
      return "127.0.1.1";
    }
    var text = networks.toString();
    var fixed = CONTAINER_ADDRESS.matcher(text);
    if (!fixed.find()) {
      throw new IllegalStateException(service + " has no fixed address: " + text);
    }
    return "127.0.1." + fixed.group(1);
  }

  /** The free port that stands for one of the file's. */
  int port(String inFile) {
    return ports.computeIfAbsent(inFile, any -> FreePorts.next());
  }

  Path docroot(String service) {
    return directory.resolve(service);
  }

  /** Where clients find the trackers. */
  String trackers() {
    return running("tracker").stream()
        .map(tracker -> address(tracker) + ":" + port("7001"))
        .collect(Collectors.joining(","));
  }
}
