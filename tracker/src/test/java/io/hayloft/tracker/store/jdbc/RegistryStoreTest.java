package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.store.RegistryStore.ClassTerms;
import io.hayloft.tracker.store.RegistryStore.Removal;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Tables.class)
class RegistryStoreTest {

  private static final ClassTerms TERMS =
      new ClassTerms("thumbs", 3, Optional.of("MultipleDevices()"), Optional.of(HashAlgorithm.MD5));

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final RegistryStore store = fixture.stores().registry();
  private final Tables tables;

  RegistryStoreTest(Tables tables) {
    this.tables = tables;
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  @Test
  void domainsGetTheNextNumber() {
    var first = store.createDomain("photos");
    var second = store.createDomain("caf\u00c3\u00a9 \u00ff");

    assertThat(first).isEqualTo(new Domain(new DomainId(1), "photos"));
    assertThat(second.id()).isEqualTo(new DomainId(2));
    assertThat(store.load().domain("photos")).contains(first);
    assertThat(store.load().domain(second.name())).contains(second);
    isDuplicate(() -> store.createDomain("photos"));
  }

  @Test
  void domainsThatDifferInCaseAreDifferentInTablesOfOurs() {
    store.createDomain("photos");

    if (tables == Tables.OURS) {
      store.createDomain("Photos");
      assertThat(store.load().domains()).hasSize(2);
    } else {
      isDuplicate(() -> store.createDomain("Photos"));
    }
  }

  @Test
  void domainsCreatedTogetherGetDifferentNumbers() throws Exception {
    var domains =
        together(
            IntStream.range(0, 8)
                .mapToObj(i -> (Callable<Domain>) () -> store.createDomain("d" + i))
                .toList());

    assertThat(new HashSet<>(domains.stream().map(Domain::id).toList())).hasSize(8);
  }

  @Test
  void aDomainWithFilesOrClassesStays() throws SQLException {
    var domain = store.createDomain("photos");
    store.createClass(
        domain.id(), new ClassTerms("default", 2, Optional.empty(), Optional.empty()));
    var thumbs = store.createClass(domain.id(), TERMS);
    fixture.stored("key");

    assertThat(store.deleteDomain(domain.id())).isEqualTo(Removal.HAS_FILES);
    fixture.sql("DELETE FROM file");
    assertThat(store.deleteDomain(domain.id())).isEqualTo(Removal.HAS_CLASSES);
    assertThat(store.load().classRows(domain.id())).hasSize(2);
    store.deleteClass(domain.id(), thumbs.id());

    assertThat(store.deleteDomain(domain.id())).isEqualTo(Removal.REMOVED);
    assertThat(store.load().domains()).isEmpty();
    assertThat(fixture.query("SELECT classid FROM class")).isEmpty();
  }

  @Test
  void classesAreNumberedWithinTheirDomain() {
    var one = store.createDomain("one").id();
    var two = store.createDomain("two").id();

    var thumbs = store.createClass(one, TERMS);
    var other = store.createClass(two, TERMS);
    var byDefault =
        store.createClass(one, new ClassTerms("default", 1, Optional.empty(), Optional.empty()));

    assertThat(thumbs)
        .isEqualTo(
            new FileClass(
                new ClassId(1),
                "thumbs",
                3,
                Optional.of("MultipleDevices()"),
                Optional.of(HashAlgorithm.MD5)));
    assertThat(other.id()).isEqualTo(new ClassId(1));
    assertThat(byDefault.id()).isEqualTo(ClassId.DEFAULT);
    assertThat(store.load().classRows(one)).containsExactlyInAnyOrder(byDefault, thumbs);
    assertThat(store.load().classRows(two)).containsExactly(other);
    isDuplicate(() -> store.createClass(one, TERMS));
    isDuplicate(
        () ->
            store.createClass(
                one, new ClassTerms("default", 1, Optional.empty(), Optional.empty())));
  }

  @Test
  void classesCreatedTogetherGetDifferentNumbers() throws Exception {
    var domain = store.createDomain("photos").id();

    var classes =
        together(
            IntStream.range(0, 8)
                .mapToObj(
                    i ->
                        (Callable<FileClass>)
                            () ->
                                store.createClass(
                                    domain,
                                    new ClassTerms("c" + i, 2, Optional.empty(), Optional.empty())))
                .toList());

    assertThat(new HashSet<>(classes.stream().map(FileClass::id).toList())).hasSize(8);
  }

  @Test
  void allTermsOfAClassAreWritten() {
    var domain = store.createDomain("photos").id();
    var thumbs = store.createClass(domain, TERMS);
    var newer = new FileClass(thumbs.id(), "small", 1, Optional.empty(), Optional.empty());

    store.updateClass(domain, newer);

    assertThat(store.load().classRows(domain)).containsExactly(newer);
  }

  @Test
  void aClassWithFilesStays() throws SQLException {
    var domain = store.createDomain("photos").id();
    var thumbs = store.createClass(domain, TERMS);
    fixture.sql("INSERT INTO file VALUES (1, 1, 'k', 1, 1, 1)");

    assertThat(store.deleteClass(domain, thumbs.id())).isEqualTo(Removal.HAS_FILES);
    assertThat(store.load().classRows(domain)).containsExactly(thumbs);
    fixture.sql("DELETE FROM file");

    assertThat(store.deleteClass(domain, thumbs.id())).isEqualTo(Removal.REMOVED);
    assertThat(store.load().classRows(domain)).isEmpty();
  }

  @Test
  void aHostIsMadeWithAllItsAddressesOrNotAtAll() {
    var addresses =
        new HostAddresses(
            "10.0.0.1",
            7500,
            OptionalInt.of(7600),
            Optional.of("192.168.0.1"),
            Optional.of("192.168.0.0/16"));

    var id = store.createHost("a", HostStatus.DOWN, addresses);

    assertThat(store.load().host("a")).contains(new Host(id, "a", HostStatus.DOWN, addresses));
    isDuplicate(() -> store.createHost("a", HostStatus.DOWN, HostAddresses.of("10.0.0.9", 1)));
    isDuplicate(() -> store.createHost("b", HostStatus.DOWN, HostAddresses.of("10.0.0.1", 1)));
    isDuplicate(
        () ->
            store.createHost(
                "b",
                HostStatus.DOWN,
                new HostAddresses(
                    "10.0.0.9",
                    1,
                    OptionalInt.empty(),
                    Optional.of("192.168.0.1"),
                    Optional.empty())));
    assertThat(store.load().hosts()).hasSize(1);
  }

  @Test
  void hostsCreatedTogetherGetDifferentNumbers() throws Exception {
    var hosts =
        together(
            IntStream.range(0, 8)
                .mapToObj(
                    i ->
                        (Callable<HostId>)
                            () ->
                                store.createHost(
                                    "h" + i, HostStatus.ALIVE, HostAddresses.of("10.0.0." + i, 1)))
                .toList());

    assertThat(new HashSet<>(hosts)).hasSize(8);
  }

  @Test
  void aHostIsChangedExceptItsName() {
    var id =
        store.createHost(
            "a",
            HostStatus.DOWN,
            new HostAddresses(
                "10.0.0.1", 1, OptionalInt.of(2), Optional.of("1.2.3.4"), Optional.of("1.2.3.4")));
    store.createHost("b", HostStatus.DOWN, HostAddresses.of("10.0.0.2", 1));
    var newer = HostAddresses.of("10.0.0.3", 7501);

    store.updateHost(id, HostStatus.READONLY, newer);

    assertThat(store.load().host("a")).contains(new Host(id, "a", HostStatus.READONLY, newer));
    isDuplicate(() -> store.updateHost(id, HostStatus.ALIVE, HostAddresses.of("10.0.0.2", 7500)));
  }

  @Test
  void aHostWithDevicesStays() {
    var id = store.createHost("a", HostStatus.ALIVE, HostAddresses.of("10.0.0.1", 1));
    store.createDevice(DEV1, id, DeviceStatus.DEAD);

    assertThat(store.deleteHost(id)).isFalse();
    assertThat(store.load().host("a")).isPresent();

    var other = store.createHost("b", HostStatus.ALIVE, HostAddresses.of("10.0.0.2", 1));
    assertThat(store.deleteHost(other)).isTrue();
    assertThat(store.load().host("b")).isEmpty();
  }

  @Test
  void devicesAreMadeAndChanged() {
    var host = new HostId(1);
    store.createDevice(DEV1, host, DeviceStatus.ALIVE);
    store.createDevice(DEV2, host, DeviceStatus.DOWN);
    isDuplicate(() -> store.createDevice(DEV1, host, DeviceStatus.ALIVE));

    store.setStatus(DEV1, DeviceStatus.DRAIN);
    store.setWeight(DEV1, 7);
    store.saveSpace(Map.of(DEV1, new Space(20_000_000_000L, 5, 99)));
    store.saveSpace(Map.of());

    assertThat(store.load().devices().values())
        .containsExactly(
            new Device(
                DEV1, host, DeviceStatus.DRAIN, 7, Optional.of(new Space(4_294_967_295L, 5, 99))),
            new Device(DEV2, host, DeviceStatus.DOWN, 100, Optional.empty()));
  }

  @Test
  void settingsAreKeptAndRemoved() {
    store.set("memcache_servers", Optional.of("a:1, b\u00e9"));
    store.set("memcache_servers", Optional.of("a:1"));
    store.set("rebal_state", Optional.of("x".repeat(60_000)));

    assertThat(store.setting("memcache_servers")).contains("a:1");
    assertThat(store.setting("nothing")).isEmpty();
    assertThat(store.load().settings().get("rebal_state")).map(String::length).contains(60_000);
    assertThat(store.load().settings().get("schema_version")).contains("17");

    store.set("memcache_servers", Optional.empty());
    store.set("rebal_state", Optional.empty());
    assertThat(store.setting("memcache_servers")).isEmpty();
  }

  private static void isDuplicate(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.DUPLICATE));
  }
}
