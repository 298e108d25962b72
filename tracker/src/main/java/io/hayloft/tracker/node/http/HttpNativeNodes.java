package io.hayloft.tracker.node.http;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Hayloft's own nodes, asked over HTTP; {@code docs/node-protocol.md} has the requests. */
final class HttpNativeNodes implements NativeNodes {

  private static final String DEVICE = "device ";
  private static final String DISTRUSTED = "distrusted ";
  private static final String REFUSED = "refused";
  private static final long NO_END = 1_000_000_000_000_000_000L;

  private final NodeHttp http;
  private final NativeHosts hosts;
  private final NativeList lists;

  HttpNativeNodes(NodeHttp http, NativeHosts hosts, NativeList lists) {
    this.http = http;
    this.hosts = hosts;
    this.lists = lists;
  }

  @Override
  public boolean isNative(Host host) {
    return hosts.isNative(host);
  }

  @Override
  public Map<DeviceId, DeviceAnswer> devices(Host host) throws IOException {
    var url = NodeHttp.base(host) + NativeHosts.PAGE;
    return switch (http.exchange("GET", url, Purpose.PROBE)) {
      case Answer.Replied replied when NativeHosts.isPage(replied) -> devices(replied.body());
      case Answer answer -> throw new NodeRefusal(answer.complaint());
    };
  }

  private static Map<DeviceId, DeviceAnswer> devices(String page) throws IOException {
    var devices = new HashMap<DeviceId, DeviceAnswer>();
    var distrusted = new HashMap<DeviceId, String>();
    for (var line : page.split("\n")) {
      if (line.startsWith(DEVICE)) {
        var words = words(line, DEVICE, 3);
        devices.put(
            device(words[0]),
            new DeviceAnswer(
                words[1].equals("-") ? Optional.empty() : Optional.of(words[1]),
                words[2].equals(REFUSED)
                    ? Optional.of(words.length > 3 ? words[3] : REFUSED)
                    : Optional.empty(),
                Optional.empty()));
      } else if (line.startsWith(DISTRUSTED)) {
        var words = words(line, DISTRUSTED, 1);
        distrusted.put(device(words[0]), line.substring(DISTRUSTED.length() + words[0].length()));
      }
    }
    distrusted.forEach(
        (device, why) ->
            devices.computeIfPresent(
                device,
                (_, said) ->
                    new DeviceAnswer(said.identity(), said.refused(), Optional.of(why.strip()))));
    return devices;
  }

  /** Those after the first, the last with all that follows; so many at least. */
  private static String[] words(String line, String first, int fewest) throws IOException {
    var words = line.substring(first.length()).split(" ", 4);
    if (words.length < fewest) {
      throw new NodeRefusal("answers nonsense: " + line);
    }
    return words;
  }

  private static DeviceId device(String directory) throws IOException {
    try {
      return new DeviceId(Integer.parseInt(directory, "dev".length(), directory.length(), 10));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new NodeRefusal("has a device that is none: " + directory);
    }
  }

  @Override
  public Manifest manifest(Host host, DeviceId device, Extent extent) throws IOException {
    var url =
        new StringBuilder(NodeHttp.base(host))
            .append("/-/manifest/")
            .append(device.directory())
            .append("?after=")
            .append(extent.after());
    if (extent.until() < NO_END) {
      url.append("&until=").append(extent.until());
    }
    var digests =
        extent.digests().stream()
            .map(HashAlgorithm::wire)
            .collect(Collectors.toCollection(TreeSet::new));
    if (extent.crc()) {
      digests.add("CRC32C");
    }
    if (!digests.isEmpty()) {
      url.append("&digest=").append(String.join(",", digests));
    }
    extent.bytesPerSecond().ifPresent(rate -> url.append("&rate=").append(rate));
    var answer = open(url.toString());
    return new ManifestReading(answer, extent);
  }

  private NativeAnswer open(String url) throws IOException {
    var answer = NativeAnswer.open(http, url, null);
    if (answer.status() != 200) {
      answer.close();
      throw new NodeRefusal("HTTP " + answer.status());
    }
    return answer;
  }

  @Override
  public Set<Place> quarantine(Host host, List<Place> places, String why) throws IOException {
    var question =
        new NativeList.Question<Place>(
            "quarantine", place -> place.path().toString(), place -> place.path() + " " + why);
    var said = ask(host, question, places);
    said.values().removeIf(words -> !words.equals("quarantined") && !words.equals("missing"));
    return Set.copyOf(said.keySet());
  }

  /** What was said of each place; some may be missing, but not all. */
  private Map<Place, String> ask(Host host, NativeList.Question<Place> question, List<Place> places)
      throws IOException {
    if (!hosts.can(host, question.name())) {
      throw new NodeRefusal("takes no request " + question.name());
    }
    var words = new HashMap<Place, String>();
    var reasons = new HashSet<String>();
    var ends =
        new NativeList.Ends<Place>() {
          @Override
          public void said(Place place, String said) {
            words.put(place, said);
          }

          @Override
          public void unsaid(Place place, String why) {
            reasons.add(why);
          }
        };
    try {
      if (!lists.ask(host, question, places, ends).isEmpty()) {
        throw new NodeRefusal("is another server than before");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (words.isEmpty() && !reasons.isEmpty()) {
      throw new IOException(String.join("; ", reasons));
    }
    return words;
  }

  @Override
  public List<Finding> findings(Host host) throws IOException {
    var findings = new ArrayList<Finding>();
    try (var answer = open(NodeHttp.base(host) + "/-/findings")) {
      while (answer.lines().advance()) {
        findings.add(finding(host, answer.lines().text()));
      }
    }
    return findings;
  }

  private static Finding finding(Host host, String line) throws IOException {
    var words = line.split(" ", 3);
    var path = ReplicaPath.parse(words[0]);
    if (path.isEmpty() || words.length < 3) {
      throw new NodeRefusal("answers nonsense: " + line);
    }
    try {
      return new Finding(new Place(host, path.get()), Long.parseLong(words[1]), words[2]);
    } catch (NumberFormatException e) {
      throw new NodeRefusal("answers nonsense: " + line);
    }
  }

  @Override
  public void acknowledge(Host host, List<Finding> findings) throws IOException {
    var places = findings.stream().map(Finding::place).distinct().toList();
    var question = NativeList.Question.<Place>ofPaths("findings", place -> place.path().toString());
    if (ask(host, question, places).size() < places.size()) {
      throw new IOException("not all findings were forgotten");
    }
  }
}
