package io.hayloft.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk says which device it is; under a wrong number it is not touched. */
class DeviceIdentityTest {

  private static final String NAME = ".hayloft-device";
  private static final String UUID = "7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b";

  @TempDir Path docroot;

  private Path identity(String device) {
    return docroot.resolve(device).resolve(NAME);
  }

  private DeviceIdentities.Identity read(int device) {
    var root = new Docroot(docroot);
    return new DeviceIdentities(root, new MountGuard(root), new Random(1))
        .look(new DeviceId(device));
  }

  private void write(String device, String text) throws IOException {
    Files.createDirectories(docroot.resolve(device));
    Files.writeString(identity(device), text);
  }

  @Test
  void eachDeviceGetsOneAndKeepsIt() throws IOException {
    try (var node = TestNode.on(docroot)) {
      await().untilAsserted(() -> assertThat(identity("dev2")).exists());
      await().untilAsserted(() -> assertThat(identity("dev1")).exists());
      assertThat(node.get("/dev1/" + NAME).status()).isEqualTo(404);
      assertThat(node.put("/dev1/" + NAME, new byte[1]).status()).isEqualTo(404);
    }
    var text = Files.readString(identity("dev1"));
    assertThat(text)
        .matches("device 1\nuuid [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}\n");
    assertThat(Files.readString(identity("dev2"))).isNotEqualTo(text.replace('1', '2'));

    try (var node = TestNode.on(docroot)) {
      await().untilAsserted(() -> assertThat(node.get("/dev1/usage").status()).isEqualTo(200));
    }
    assertThat(identity("dev1")).hasContent(text);
  }

  @Test
  void diskUnderAWrongNumberIsNeitherReadNorWritten() throws IOException {
    write("dev2", "device 7\nuuid " + UUID + "\n");
    Files.createDirectories(docroot.resolve("dev2/.hayloft-tmp/3"));
    Files.writeString(docroot.resolve("dev2/.hayloft-tmp/3/left"), "x");
    Files.writeString(docroot.resolve("dev2/there"), "bytes of another device");
    try (var node = TestNode.on(docroot)) {
      var get = node.get("/dev2/there");
      assertThat(get.status()).isEqualTo(503);
      assertThat(get.text()).contains("its directory says that it is dev7");
      assertThat(node.call("HEAD", "/dev2/there").status()).isEqualTo(503);
      assertThat(node.put("/dev2/new", new byte[10]).status()).isEqualTo(503);
      assertThat(node.call("DELETE", "/dev2/there").status()).isEqualTo(503);
      assertThat(node.call("MKCOL", "/dev2/directory").status()).isEqualTo(503);
      assertThat(node.call("MOVE", "/dev2/there", "Destination: /dev2/b").status()).isEqualTo(503);

      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("device_writable{device=\"dev1\"} 1.0")
                      .contains("device_writable{device=\"dev2\"} 0.0"));
      assertThat(node.put("/dev1/new", new byte[10]).status()).isEqualTo(200);
    }
    assertThat(docroot.resolve("dev2").toFile().list())
        .containsExactlyInAnyOrder(NAME, ".hayloft-tmp", "there");
    assertThat(docroot.resolve("dev2/.hayloft-tmp/3/left")).exists();
  }

  @Test
  void diskThatIsExchangedUnderARunningNodeIsNotServedAnyMoreAndItsOwnIsAgain() throws IOException {
    try (var node = TestNode.on(docroot)) {
      node.put("/dev1/a", "hello".getBytes(US_ASCII));
      await().untilAsserted(() -> assertThat(identity("dev1")).exists());
      assertThat(node.get("/dev1/a").status()).isEqualTo(200);
      var own = Files.readString(identity("dev1"));

      write("dev1", "device 2\nuuid " + UUID + "\n");
      await().untilAsserted(() -> assertThat(node.get("/dev1/a").status()).isEqualTo(503));

      write("dev1", own);
      await().untilAsserted(() -> assertThat(node.get("/dev1/a").text()).isEqualTo("hello"));
    }
  }

  @Test
  void tornFileIsToldOfAndKeptAndRefusesNothing() throws IOException {
    write("dev1", "device 1\nuu");
    try (var node = TestNode.on(docroot)) {
      assertThat(node.put("/dev1/a", new byte[10]).status()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(node.get("/dev1/usage").status()).isEqualTo(200));
    }
    assertThat(identity("dev1")).hasContent("device 1\nuu");
    assertThat(read(1).uuid()).isEmpty();
    assertThat(read(1).refused()).isEmpty();
  }

  @Test
  void identityIsReadAsItStands() throws IOException {
    write("dev7", "device 7\nuuid " + UUID + "\n");
    assertThat(read(7).uuid()).contains(UUID);
    assertThat(read(7).refused()).isEmpty();
    assertThat(read(8).uuid()).isEmpty();

    write("dev8", "uuid " + UUID + "\ndevice 7\nmore to come\n");
    assertThat(read(8).refused()).contains("its directory says that it is dev7");
  }
}
