package io.hayloft.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each command's arguments, and what is made of its answer. */
class HayloftAdminTest {

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final FakeTracker tracker = new FakeTracker(this::answer);
  private final FakeTracker other = new FakeTracker(this::answer);
  private final HayloftAdmin admin =
      HayloftAdmin.builder()
          .trackers(tracker.address() + "," + other.address())
          .world(new SkippedWorld())
          .build();

  private Reply answer(Request request) {
    return Reply.parse(answers.getOrDefault(request.command(), "OK "));
  }

  @AfterEach
  void stop() {
    admin.close();
    tracker.close();
    other.close();
  }

  private Map<String, String> sent() {
    var requests = tracker.requests();
    var arguments = new java.util.TreeMap<>(requests.get(requests.size() - 1).arguments().values());
    arguments.remove("callid");
    return arguments;
  }

  @Test
  void domainsAndTheirClassesAreRead() throws HayloftException {
    answers.put(
        "get_domains",
        "OK domains=2&domain1=photos&domain1classes=2"
            + "&domain1class1name=default&domain1class1mindevcount=2"
            + "&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE"
            + "&domain1class2name=orig&domain1class2mindevcount=3"
            + "&domain1class2replpolicy=MultipleNetworks%282%29&domain1class2hashtype=MD5"
            + "&domain2=empty&domain2classes=0");

    assertThat(admin.domains())
        .containsExactly(
            new DomainInfo(
                "photos",
                List.of(
                    new DomainInfo.ClassInfo("default", 2, "MultipleHosts()", "NONE", 1),
                    new DomainInfo.ClassInfo("orig", 3, "MultipleNetworks(2)", "MD5", 1))),
            new DomainInfo("empty", List.of()));
  }

  @Test
  void domainsAndClassesAreChanged() throws HayloftException {
    admin.createDomain("phötos");
    assertThat(tracker.commands()).containsExactly("create_domain");
    assertThat(sent()).containsExactlyEntriesOf(Map.of("domain", "ph\u00c3\u00b6tos"));

    admin.createClass(
        "d", ClassDefinition.of("c", 3).replpolicy("MultipleHosts(3)").hashtype("MD5"));
    assertThat(sent())
        .containsOnly(
            Map.entry("domain", "d"),
            Map.entry("class", "c"),
            Map.entry("mindevcount", "3"),
            Map.entry("replpolicy", "MultipleHosts(3)"),
            Map.entry("hashtype", "MD5"));

    admin.updateClass("d", ClassDefinition.of("c", 2));
    assertThat(sent())
        .containsOnly(
            Map.entry("domain", "d"), Map.entry("class", "c"), Map.entry("mindevcount", "2"));

    admin.deleteClass("d", "c");
    assertThat(sent()).containsOnly(Map.entry("domain", "d"), Map.entry("class", "c"));
    admin.deleteDomain("d");
    assertThat(tracker.commands())
        .containsExactly(
            "create_domain", "create_class", "update_class", "delete_class", "delete_domain");
  }

  @Test
  void hostsAreRead() throws HayloftException {
    answers.put(
        "get_hosts",
        "OK hosts=2&host1_hostid=1&host1_status=alive&host1_hostname=a&host1_hostip=10.0.0.1"
            + "&host1_http_port=7500&host1_http_get_port=7600&host1_altip=192.168.0.1"
            + "&host1_altmask=192.168.0.0%2F16"
            + "&host2_hostid=2&host2_status=hibernating&host2_hostname=b&host2_hostip=10.0.0.2"
            + "&host2_http_port=7500&host2_http_get_port=&host2_altip=&host2_altmask=");

    var hosts = admin.hosts();

    assertThat(hosts).hasSize(2);
    assertThat(hosts.get(0).state()).contains(HostState.ALIVE);
    assertThat(hosts.get(0).address())
        .isEqualTo(new HostInfo.Address("10.0.0.1", 7500, OptionalInt.of(7600)));
    assertThat(hosts.get(0).alternate().mask()).contains("192.168.0.0/16");
    assertThat(hosts.get(1).address().getPort()).isEmpty();
    assertThat(hosts.get(1).alternate().ip()).isEmpty();
    // A state of a newer tracker's is shown as it is.
    assertThat(hosts.get(1).state()).isEmpty();
    assertThat(hosts.get(1).status()).isEqualTo("hibernating");
  }

  @Test
  void hostsAreChanged() throws HayloftException {
    answers.put("create_host", "OK hostid=7&hostname=a");

    int id =
        admin.createHost(
            HostChange.of("a")
                .ip("10.0.0.1")
                .port(7500)
                .getPort(7600)
                .alternateIp("192.168.0.1")
                .alternateMask("192.168.0.0/16")
                .state(HostState.DOWN));

    assertThat(id).isEqualTo(7);
    assertThat(sent())
        .containsOnly(
            Map.entry("host", "a"),
            Map.entry("ip", "10.0.0.1"),
            Map.entry("port", "7500"),
            Map.entry("getport", "7600"),
            Map.entry("altip", "192.168.0.1"),
            Map.entry("altmask", "192.168.0.0/16"),
            Map.entry("status", "down"));
    admin.updateHost(HostChange.of("a").state(HostState.READONLY));
    assertThat(sent()).containsOnly(Map.entry("host", "a"), Map.entry("status", "readonly"));
    admin.deleteHost("a");
    assertThat(tracker.commands()).containsExactly("create_host", "update_host", "delete_host");
  }

  @Test
  void devicesAreRead() throws HayloftException {
    answers.put(
        "get_devices",
        "OK devices=2&dev1_devid=3&dev1_hostid=1&dev1_status=drain&dev1_weight=50"
            + "&dev1_mb_total=1000&dev1_mb_used=400&dev1_mb_free=600&dev1_mb_asof="
            + "&dev1_observed_state=writeable&dev1_utilization=12.5&dev1_reject_bad_md5=1"
            + "&dev2_devid=9&dev2_hostid=1&dev2_status=alive&dev2_weight=100&dev2_mb_total="
            + "&dev2_mb_used=&dev2_mb_free=&dev2_mb_asof=&dev2_observed_state="
            + "&dev2_utilization=-&dev2_reject_bad_md5=&dev2_distrusted=a+sync+failed");

    var devices = admin.devices();

    assertThat(devices.get(0).id()).isEqualTo(new DeviceId(3));
    assertThat(devices.get(0).state()).contains(DeviceState.DRAIN);
    assertThat(devices.get(0).weight()).isEqualTo(50);
    assertThat(devices.get(0).space().freeMib()).isEqualTo(OptionalLong.of(600));
    assertThat(devices.get(0).observation().state()).contains("writeable");
    assertThat(devices.get(0).observation().utilization()).contains("12.5");
    assertThat(devices.get(0).observation().rejectsBadMd5()).isTrue();
    assertThat(devices.get(1).space().totalMib()).isEmpty();
    assertThat(devices.get(1).observation())
        .isEqualTo(
            new DeviceInfo.Observation(
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                false,
                java.util.Optional.of("a sync failed")));
    assertThat(admin.nextDevice()).isEqualTo(new DeviceId(10));
  }

  @Test
  void firstDeviceIsNumberOne() throws HayloftException {
    answers.put("get_devices", "OK devices=0");

    assertThat(admin.nextDevice()).isEqualTo(new DeviceId(1));
  }

  @Test
  void devicesAreChanged() throws HayloftException {
    admin.createDevice(new DeviceId(4), "a", DeviceState.ALIVE);
    assertThat(sent())
        .containsOnly(
            Map.entry("devid", "4"), Map.entry("hostname", "a"), Map.entry("state", "alive"));
    admin.setState("a", new DeviceId(4), DeviceState.DEAD);
    assertThat(sent())
        .containsOnly(Map.entry("host", "a"), Map.entry("device", "4"), Map.entry("state", "dead"));
    admin.setWeight("a", new DeviceId(4), 30);
    assertThat(sent())
        .containsOnly(Map.entry("host", "a"), Map.entry("device", "4"), Map.entry("weight", "30"));
    assertThat(tracker.commands()).containsExactly("create_device", "set_state", "set_weight");
  }

  @Test
  void settingsAreReadAndChanged() throws HayloftException {
    answers.put(
        "server_settings", "OK key_count=2&key_1=schema_version&value_1=17&key_2=x&value_2=");
    answers.put("server_setting", "OK key=memcache_ttl&value=60");

    assertThat(admin.settings())
        .containsExactly(Map.entry("schema_version", "17"), Map.entry("x", ""));
    assertThat(admin.setting("memcache_ttl")).contains("60");
    answers.put("server_setting", "OK key=none&value=");
    assertThat(admin.setting("none")).isEmpty();

    admin.changeSetting("memcache_ttl", "30");
    assertThat(sent()).containsOnly(Map.entry("key", "memcache_ttl"), Map.entry("value", "30"));
  }

  @Test
  void slowCommandsAreGivenTheTimeTheyNeed() throws HayloftException {
    tracker.plan("clear_cache", FakeTracker.Fault.LATE);
    var answerer =
        java.util.concurrent.CompletableFuture.runAsync(
            tracker::answerLate,
            java.util.concurrent.CompletableFuture.delayedExecutor(
                600, java.util.concurrent.TimeUnit.MILLISECONDS));

    try (var hasty =
        HayloftAdmin.builder()
            .trackers(List.of(tracker.address()))
            .timeouts(Timeouts.DEFAULT.reply(Duration.ofMillis(100)))
            .build()) {
      hasty.clearCache();
    }

    answerer.join();
    assertThat(tracker.requests()).hasSize(1);
  }

  @Test
  void waitingCopiesAreCounted() throws HayloftException {
    answers.put("replicate_now", "OK count=12");

    assertThat(admin.replicateNow()).isEqualTo(12);
    admin.awaitMonitorRound();
    assertThat(tracker.commands()).containsExactly("replicate_now", "do_monitor_round");
  }

  @Test
  void filesAreListedByFid() throws HayloftException {
    answers.put(
        "list_fids",
        "OK fid_count=1&fid_1_fid=17&fid_1_domain=photos&fid_1_class=orig&fid_1_key=u/1"
            + "&fid_1_length=5&fid_1_devcount=2");

    var files = admin.files(16, 10);

    assertThat(files).hasSize(1);
    assertThat(files.get(0).fid()).isEqualTo(new Fid(17));
    assertThat(files.get(0).name()).isEqualTo(new FileInfo.Name("photos", Key.utf8("u/1"), "orig"));
    assertThat(files.get(0).copies().count()).isEqualTo(2);
    assertThat(sent()).containsOnly(Map.entry("from", "16"), Map.entry("to", "10"));
  }

  @Test
  void allTheDatabaseHoldsIsShown() throws HayloftException {
    answers.put("file_debug", "OK fid_fid=17&devids=1,2&checksum=NONE");

    assertThat(admin.debug(new Fid(17)))
        .containsOnly(
            Map.entry("fid_fid", "17"), Map.entry("devids", "1,2"), Map.entry("checksum", "NONE"));
    assertThat(admin.debug("photos", Key.utf8("k"))).containsEntry("fid_fid", "17");
    assertThat(sent()).containsOnly(Map.entry("domain", "photos"), Map.entry("key", "k"));
  }

  @Test
  void anyCommandCanBeSent() throws HayloftException {
    answers.put("fsck_status", "OK running=1&host=tr%C3%A4cker");

    assertThat(admin.ask("fsck_status", Map.of()))
        .containsOnly(Map.entry("running", "1"), Map.entry("host", "träcker"));
    assertThat(admin.call("fsck_reset", Map.of("startpos", "7"))).isEmpty();
    assertThat(sent()).containsOnly(Map.entry("startpos", "7"));
    assertThatThrownBy(() -> admin.call("noop\r\ndelete", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void changeIsNotRepeatedButAQuestionIs() throws HayloftException {
    tracker.plan("fsck_reset", FakeTracker.Fault.CLOSE_DONE);
    tracker.plan("get_hosts", FakeTracker.Fault.CLOSE_DONE);
    answers.put("get_hosts", "OK hosts=0");

    assertThatThrownBy(() -> admin.call("fsck_reset", Map.of()))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(other.requests()).isEmpty();
    assertThat(admin.hosts()).isEmpty();
  }

  @Test
  void sameTrackerIsAskedAsLongAsItAnswers() throws HayloftException {
    answers.put("get_hosts", "OK hosts=0");
    for (int i = 0; i < 4; i++) {
      assertThat(admin.hosts()).isEmpty();
    }
    assertThat(tracker.requests()).hasSize(4);

    tracker.plan("get_hosts", FakeTracker.Fault.CLOSE_UNDONE, FakeTracker.Fault.CLOSE_UNDONE);
    for (int i = 0; i < 4; i++) {
      assertThat(admin.hosts()).isEmpty();
    }
    assertThat(other.requests()).hasSize(4);
  }

  @Test
  void refusalNamesTheThingRefused() {
    answers.put("delete_host", "ERR host_not_empty Unable+to+delete+host");

    assertThatThrownBy(() -> admin.deleteHost("a"))
        .isInstanceOfSatisfying(
            HayloftException.class,
            e -> assertThat(e.errorCode()).contains(ErrorCode.HOST_NOT_EMPTY))
        .hasMessage(
            "delete_host of host a was refused by tracker "
                + tracker.address()
                + ": host_not_empty (Unable to delete host)");
  }

  @Test
  void answersWithoutWhatTheyShouldHaveAreRefused() {
    List<Callable<?>> questions =
        List.of(
            admin::domains,
            admin::hosts,
            admin::devices,
            admin::settings,
            admin::replicateNow,
            () -> admin.files(0, 1),
            () -> admin.createHost(HostChange.of("a")));

    for (var question : questions) {
      assertThatThrownBy(question::call)
          .isInstanceOf(HayloftException.class)
          .hasMessageContaining("which makes no sense")
          .hasMessageContaining(tracker.address().toString());
    }
    answers.put("get_devices", "OK devices=1&dev1_devid=0");
    assertThatThrownBy(admin::devices).hasMessageContaining("dev1_devid=0");
  }

  @Test
  void pingTellsWhetherThatOneTrackerAnswers() throws HayloftException {
    admin.ping(other.address());
    assertThat(other.commands()).containsExactly("noop");
    other.stop();

    assertThatThrownBy(() -> admin.ping(other.address())).isInstanceOf(UnreachableException.class);
    admin.ping(tracker.address());
  }

  @Test
  void consoleIsReadUpToItsDot() throws HayloftException {
    tracker.console(
        line ->
            switch (line) {
              case "!stats" -> List.of("uptime 10", "pending_queries 0", "work_sent_to_fsck 3");
              case "!jobs" ->
                  List.of(
                      "delete count 1",
                      "delete desired 2",
                      "delete pids 11",
                      "fsck count 0",
                      "fsck desired 0",
                      "fsck pids ");
              case "!version" -> List.of("2.73");
              case "!want 2 delete" -> List.of("Now desiring 2 children doing 'delete'.");
              default -> List.of("ERROR: Invalid class 'x'.  Valid classes: delete");
            });
    var console = admin.console(tracker.address());

    assertThat(console.stats())
        .containsExactly(
            Map.entry("uptime", 10L),
            Map.entry("pending_queries", 0L),
            Map.entry("work_sent_to_fsck", 3L));
    assertThat(console.jobs())
        .containsExactly(
            new JobInfo("delete", 1, 2, List.of("11")), new JobInfo("fsck", 0, 0, List.of()));
    assertThat(console.version()).isEqualTo("2.73");
    assertThat(console.want(2, "delete")).isEqualTo("Now desiring 2 children doing 'delete'.");
    assertThatThrownBy(() -> console.want(1, "x"))
        .isInstanceOf(HayloftException.class)
        .hasMessageContaining("Invalid class 'x'");
    assertThatThrownBy(() -> console.command("!stats\r\n!shutdown"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void consoleLinesOfNoSenseAreRefused() {
    tracker.console(line -> List.of("what"));

    assertThatThrownBy(() -> admin.console(tracker.address()).stats())
        .hasMessageContaining("no sense");
    assertThatThrownBy(() -> admin.console(tracker.address()).jobs())
        .hasMessageContaining("no sense");
  }

  @Test
  void documentOfANodeIsFetchedFromItsPortForReading() throws IOException {
    try (var node = new FakeNode()) {
      node.files().put("/dev1/usage", "used: 5".getBytes(UTF_8));
      node.files().put("/big", new byte[70_000]);
      var host =
          new HostInfo(
              1,
              "a",
              "alive",
              new HostInfo.Address("127.0.0.1", 1, OptionalInt.of(node.port())),
              new HostInfo.Alternate(java.util.Optional.empty(), java.util.Optional.empty()));

      assertThat(admin.fetch(host, "/dev1/usage")).isEqualTo("used: 5".getBytes(UTF_8));
      assertThatThrownBy(() -> admin.fetch(host, "/none")).hasMessageContaining("404");
      assertThatThrownBy(() -> admin.fetch(host, "/big")).hasMessageContaining("larger");
    }
  }
}
