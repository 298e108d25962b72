package io.hayloft.client;

import io.hayloft.client.net.NodeHttp;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.WireText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks after an installation: its domains and classes, hosts and devices, settings and trackers.
 *
 * <p>Thread-safe; every method runs on the caller's thread and ends by its time-outs. Questions are
 * repeated on other trackers until one answers. Changes go to another tracker only as long as none
 * can have got them; a lost answer is an {@link OutcomeUnknownException}. All go to the tracker
 * that answered last, because it shows a change at once while others may take some seconds.
 */
public final class HayloftAdmin implements AutoCloseable {

  private final ClientSettings settings;
  private final Trackers trackers;
  private final NodeHttp nodes;

  HayloftAdmin(ClientSettings settings) {
    this.settings = settings;
    this.trackers = new Trackers(settings, Trackers.Order.STICK);
    this.nodes =
        new NodeHttp(
            settings.world(), settings.timeouts().connect(), settings.timeouts().transfer());
  }

  /** Begins a client: name the trackers, then build. */
  public static HayloftAdminBuilder builder() {
    return new HayloftAdminBuilder();
  }

  // ---- domains and classes

  /** All domains with their classes, in the tracker's order. */
  public List<DomainInfo> domains() throws HayloftException {
    var fields = ask(Call.read("get_domains"), "");
    var domains = new ArrayList<DomainInfo>();
    int count = fields.small("domains");
    for (int i = 1; i <= count; i++) {
      var classes = new ArrayList<DomainInfo.ClassInfo>();
      int classCount = fields.small("domain" + i + "classes");
      for (int j = 1; j <= classCount; j++) {
        var prefix = "domain" + i + "class" + j;
        classes.add(
            new DomainInfo.ClassInfo(
                fields.text(prefix + "name"),
                fields.small(prefix + "mindevcount"),
                fields.text(prefix + "replpolicy"),
                fields.text(prefix + "hashtype"),
                fields.optionalSmall(prefix + "mincopies").orElse(1)));
      }
      domains.add(new DomainInfo(fields.text("domain" + i), classes));
    }
    return List.copyOf(domains);
  }

  public void createDomain(String name) throws HayloftException {
    ask(Call.change("create_domain").withText("domain", name), "domain " + name);
  }

  /** Removes a domain that has no files and no classes but the default one. */
  public void deleteDomain(String name) throws HayloftException {
    ask(Call.change("delete_domain").withText("domain", name), "domain " + name);
  }

  public void createClass(String domain, ClassDefinition definition) throws HayloftException {
    ask(classCall("create_class", domain, definition), subject(domain, definition.name()));
  }

  /** Changes a class. Files that it has already are left as they are until fsck looks at them. */
  public void updateClass(String domain, ClassDefinition definition) throws HayloftException {
    ask(classCall("update_class", domain, definition), subject(domain, definition.name()));
  }

  private static Call classCall(String command, String domain, ClassDefinition definition) {
    var call =
        Call.change(command)
            .withText("domain", domain)
            .withText("class", definition.name())
            .with("mindevcount", definition.mindevcount());
    if (definition.replpolicy().isPresent()) {
      call = call.withText("replpolicy", definition.replpolicy().get());
    }
    if (definition.hashtype().isPresent()) {
      call = call.withText("hashtype", definition.hashtype().get());
    }
    return definition.mincopies().isPresent()
        ? call.with("mincopies", definition.mincopies().getAsInt())
        : call;
  }

  /** Removes a class that has no files. */
  public void deleteClass(String domain, String name) throws HayloftException {
    ask(
        Call.change("delete_class").withText("domain", domain).withText("class", name),
        subject(domain, name));
  }

  private static String subject(String domain, String fileClass) {
    return "class " + fileClass + " in domain " + domain;
  }

  // ---- hosts and devices

  public List<HostInfo> hosts() throws HayloftException {
    var fields = ask(Call.read("get_hosts"), "");
    var hosts = new ArrayList<HostInfo>();
    int count = fields.small("hosts");
    for (int i = 1; i <= count; i++) {
      var prefix = "host" + i + "_";
      hosts.add(
          new HostInfo(
              fields.small(prefix + "hostid"),
              fields.text(prefix + "hostname"),
              fields.text(prefix + "status"),
              new HostInfo.Address(
                  fields.text(prefix + "hostip"),
                  fields.small(prefix + "http_port"),
                  fields.optionalSmall(prefix + "http_get_port")),
              new HostInfo.Alternate(
                  fields.optionalText(prefix + "altip"), fields.optionalText(prefix + "altmask"))));
    }
    return List.copyOf(hosts);
  }

  /**
   * Adds a host.
   *
   * @return its number
   */
  public int createHost(HostChange host) throws HayloftException {
    return ask(hostCall("create_host", host), "host " + host.name()).small("hostid");
  }

  /** Changes what is named of a host. */
  public void updateHost(HostChange host) throws HayloftException {
    ask(hostCall("update_host", host), "host " + host.name());
  }

  private static Call hostCall(String command, HostChange host) {
    var call = Call.change(command).withText("host", host.name());
    for (var value : host.values().entrySet()) {
      call = call.withText(value.getKey(), value.getValue());
    }
    return call;
  }

  /** Removes a host that has never had a device. */
  public void deleteHost(String name) throws HayloftException {
    ask(Call.change("delete_host").withText("host", name), "host " + name);
  }

  public List<DeviceInfo> devices() throws HayloftException {
    var fields = ask(Call.read("get_devices"), "");
    var devices = new ArrayList<DeviceInfo>();
    int count = fields.small("devices");
    for (int i = 1; i <= count; i++) {
      var prefix = "dev" + i + "_";
      devices.add(
          new DeviceInfo(
              fields.device(prefix + "devid"),
              fields.small(prefix + "hostid"),
              fields.text(prefix + "status"),
              fields.optionalSmall(prefix + "weight").orElse(0),
              new DeviceInfo.Space(
                  fields.optionalNumber(prefix + "mb_total"),
                  fields.optionalNumber(prefix + "mb_used"),
                  fields.optionalNumber(prefix + "mb_free")),
              new DeviceInfo.Observation(
                  fields.optionalText(prefix + "observed_state"),
                  fields.optionalText(prefix + "utilization").filter(text -> !text.equals("-")),
                  fields.text(prefix + "reject_bad_md5").equals("1"),
                  fields
                      .optionalText(prefix + "refused")
                      .or(() -> fields.optionalText(prefix + "distrusted")))));
    }
    return List.copyOf(devices);
  }

  /** A number no device has: one above the highest. Numbers are never to be used again. */
  public DeviceId nextDevice() throws HayloftException {
    int highest = devices().stream().mapToInt(each -> each.id().value()).max().orElse(0);
    return new DeviceId(highest + 1);
  }

  public void createDevice(DeviceId device, String host, DeviceState state)
      throws HayloftException {
    ask(
        Call.change("create_device")
            .with("devid", device.value())
            .withText("hostname", host)
            .with("state", state.wire()),
        "device " + device + " on host " + host);
  }

  /** Marks a device. A dead one must be marked down before it can be marked alive. */
  public void setState(String host, DeviceId device, DeviceState state) throws HayloftException {
    ask(
        Call.change("set_state")
            .withText("host", host)
            .with("device", device.value())
            .with("state", state.wire()),
        "device " + device + " on host " + host);
  }

  public void setWeight(String host, DeviceId device, int weight) throws HayloftException {
    ask(
        Call.change("set_weight")
            .withText("host", host)
            .with("device", device.value())
            .with("weight", weight),
        "device " + device + " on host " + host);
  }

  /**
   * Fetches a document from a host's HTTP server, as a check that it runs: {@code /}, or a device's
   * {@code /dev3/usage}.
   *
   * @throws IOException when it cannot be had, or is larger than 64 KiB
   */
  public byte[] fetch(HostInfo host, String path) throws IOException {
    return NodeDocuments.fetch(nodes, host.address(), path);
  }

  // ---- settings and trackers

  /** All settings that can be read, by name. */
  public Map<String, String> settings() throws HayloftException {
    var fields = ask(Call.read("server_settings"), "");
    var all = new LinkedHashMap<String, String>();
    int count = fields.small("key_count");
    for (int i = 1; i <= count; i++) {
      all.put(fields.text("key_" + i), fields.text("value_" + i));
    }
    return all;
  }

  /** One setting; empty when it is not set. */
  public Optional<String> setting(String name) throws HayloftException {
    return ask(Call.read("server_setting").withText("key", name), "setting " + name)
        .optionalText("value");
  }

  public void changeSetting(String name, String value) throws HayloftException {
    ask(
        Call.change("set_server_setting").withText("key", name).withText("value", value),
        "setting " + name);
  }

  /** Has a tracker look at database and devices anew, and waits until it has. */
  public void clearCache() throws HayloftException {
    ask(Call.read("clear_cache").with("all", 1).slow(), "");
  }

  /** Waits until a tracker has next looked at the devices. */
  public void awaitMonitorRound() throws HayloftException {
    ask(Call.read("do_monitor_round").slow(), "");
  }

  /**
   * Has all files that wait for copies tried at once.
   *
   * @return how many they are
   */
  public long replicateNow() throws HayloftException {
    return ask(Call.read("replicate_now"), "").number("count");
  }

  /** The trackers this client was given. */
  public List<TrackerAddress> trackers() {
    return settings.trackers();
  }

  /** What one tracker says of itself. */
  public TrackerConsole console(TrackerAddress tracker) {
    return new TrackerConsole(tracker, settings);
  }

  /**
   * Makes sure that one tracker answers.
   *
   * @throws UnreachableException when it does not
   */
  public void ping(TrackerAddress tracker) throws HayloftException {
    var alone =
        new ClientSettings(
            List.of(tracker), settings.timeouts(), settings.limits().rounds(1), settings.world());
    try (var only = new Trackers(alone, Trackers.Order.STICK)) {
      var call = Call.read("noop");
      Refusals.fields(call, only.call(call), "");
    }
  }

  // ---- files

  /** Files with a fid above {@code after}, in the order of their fids; at most 500. */
  public List<FileInfo> files(long after, int limit) throws HayloftException {
    var fields = ask(Call.read("list_fids").with("from", after).with("to", limit), "");
    var files = new ArrayList<FileInfo>();
    int count = fields.small("fid_count");
    for (int i = 1; i <= count; i++) {
      var prefix = "fid_" + i + "_";
      files.add(Lookups.fileInfo(fields, prefix, fields.key(prefix + "key")));
    }
    return List.copyOf(files);
  }

  /** All the database holds on a file, by the tracker's names. */
  public Map<String, String> debug(String domain, Key key) throws HayloftException {
    return texts(
        ask(
            Call.read("file_debug").withText("domain", domain).with("key", key.wire()),
            "key " + key + " in domain " + domain));
  }

  /**
   * All the database holds on a fid, by the tracker's names; little where there is no such file.
   */
  public Map<String, String> debug(Fid fid) throws HayloftException {
    return texts(ask(Call.read("file_debug").with("fid", fid.value()), "fid " + fid));
  }

  // ---- anything else

  /**
   * Sends any command. It is taken for a change: not repeated once it has been sent.
   *
   * @param arguments as text, by name
   * @return the answer's pairs as text, by name
   */
  public Map<String, String> call(String command, Map<String, String> arguments)
      throws HayloftException {
    return send(Call.change(command), arguments);
  }

  /** Sends any command that changes nothing, so that it may be repeated. */
  public Map<String, String> ask(String command, Map<String, String> arguments)
      throws HayloftException {
    return send(Call.read(command), arguments);
  }

  private Map<String, String> send(Call bare, Map<String, String> arguments)
      throws HayloftException {
    if (!bare.command().matches("[a-z0-9_]+")) {
      throw new IllegalArgumentException("not a command: " + bare.command());
    }
    var call = bare;
    for (var argument : arguments.entrySet()) {
      call = call.withText(argument.getKey(), argument.getValue());
    }
    return texts(ask(call, ""));
  }

  private Fields ask(Call call, String subject) throws HayloftException {
    return Refusals.fields(call, trackers.call(call), subject);
  }

  private static Map<String, String> texts(Fields fields) {
    var texts = new LinkedHashMap<String, String>();
    fields
        .values()
        .forEach((name, value) -> texts.put(WireText.toText(name), WireText.toText(value)));
    texts.remove("callid");
    return texts;
  }

  /** Closes all connections that are not in use. */
  @Override
  public void close() {
    trackers.close();
    nodes.close();
  }
}
