package io.hayloft.cli.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.cli.Cli;
import io.hayloft.cli.SharedCluster;
import io.hayloft.cli.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every command for files against a cluster that lives in this process. */
class FileCommandsTest {

  @RegisterExtension static final SharedCluster CLUSTER = new SharedCluster();

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void emptyDomain() {
    cli = CLUSTER.cli(home);
    assertThat(cli.run("rm", "-r", "", "--yes", "-q").exitCode()).isZero();
  }

  private Path file(String name, byte[] bytes) throws Exception {
    var file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private static byte[] bytes(int count) {
    var bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @Test
  void fileComesBackAsItWas() throws Exception {
    var cat = file("cat.jpg", bytes(300_000));

    assertThat(cli.run("put", cat.toString()).exitCode()).isZero();
    var copy = home.resolve("copy.jpg");
    assertThat(cli.run("get", "cat.jpg", copy.toString()).exitCode()).isZero();

    assertThat(copy).hasSameBinaryContentAs(cat);
  }

  @Test
  void keyInTheSecondPlaceIsTheKey() throws Exception {
    var cat = file("cat.jpg", bytes(10));

    cli.run("put", cat.toString(), "pets/7.jpg");

    assertThat(cli.run("ls").out()).isEqualTo("pets/7.jpg\n");
  }

  @Test
  void standardInputBecomesAFileAndAFileStandardOutput() {
    var text = "hay\n".getBytes(UTF_8);

    assertThat(cli.runWithInput(text, "put", "-", "notes/a").exitCode()).isZero();

    assertThat(cli.run("cat", "notes/a", "notes/a").out()).isEqualTo("hay\nhay\n");
    assertThat(cli.run("get", "notes/a", "-").out()).isEqualTo("hay\n");
  }

  @Test
  void directoryComesBackWithAllThatIsBelowIt() throws Exception {
    file("holiday/a", bytes(1));
    file("holiday/b/c d", bytes(70_000));
    file("holiday/b/empty", new byte[0]);

    var put = cli.run("put", "-r", home.resolve("holiday").toString(), "2026/june", "--json");
    var got = cli.run("get", "-r", "2026/", home.resolve("back").toString(), "--json");

    assertThat(JSON.readTree(put.out()).get("stored").asInt()).isEqualTo(3);
    assertThat(JSON.readTree(got.out()).get("read").asInt()).isEqualTo(3);
    var back = home.resolve("back/2026/june");
    assertThat(back.resolve("b/c d")).hasSameBinaryContentAs(home.resolve("holiday/b/c d"));
    assertThat(back.resolve("b/empty")).isEmptyFile();
    assertThat(back.resolve("a")).hasSize(1);
  }

  @Test
  void severalFilesNeedAPrefix() throws Exception {
    var a = file("a", bytes(1)).toString();
    var b = file("b", bytes(2)).toString();

    assertThat(cli.run("put", a, b).exitCode()).isEqualTo(2);
    assertThat(cli.run("put", a, b, a).err()).contains("--prefix");
    assertThat(cli.run("ls").out()).isEmpty();

    assertThat(cli.run("put", a, b, "--prefix", "x/").exitCode()).isZero();
    assertThat(cli.run("ls", "x/").out()).isEqualTo("x/a\nx/b\n");
  }

  @Test
  void keyThatLeadsOutOfTheDirectoryIsNotWritten() {
    cli.runWithInput(bytes(5), "put", "-", "x/../../../escaped");

    var result = cli.run("get", "-r", "x/", home.resolve("in").toString());

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("leads out of");
    assertThat(home.resolve("../escaped")).doesNotExist();
  }

  @Test
  void missingFileIsExitCodeThreeAndOneLine() {
    for (var command : new String[] {"get", "cat", "stat", "rm"}) {
      var result = cli.run(command, "nothing");

      assertThat(result.exitCode()).as(command).isEqualTo(3);
      assertThat(result.err()).as(command).startsWith("hayloft: ").hasLineCount(1);
    }
    assertThat(cli.run("mv", "nothing", "else").exitCode()).isEqualTo(3);
    assertThat(cli.run("put", home.resolve("nothing").toString()).exitCode()).isEqualTo(3);
    assertThat(cli.run("rm", "-f", "nothing").exitCode()).isZero();
  }

  @Test
  void unknownDomainAndClassAreExitCodeThree() throws Exception {
    var file = file("f", bytes(1)).toString();

    assertThat(cli.run("ls", "--domain", "nowhere").exitCode()).isEqualTo(3);
    assertThat(cli.run("put", file, "k", "--class", "none").exitCode()).isNotZero();
  }

  @Test
  void listHasDetailsForPeopleAndPrograms() throws Exception {
    cli.runWithInput(bytes(1234), "put", "-", "a", "--class", "thumb");

    assertThat(cli.run("ls", "-l").out()).contains("1,234", "thumb", "a", "dev");
    var row = JSON.readTree(cli.run("ls", "-l", "--json").out());
    assertThat(row.get("length").asInt()).isEqualTo(1234);
    assertThat(row.get("class").asText()).isEqualTo("thumb");
    assertThat(row.get("devids").size()).isEqualTo(row.get("devcount").asInt());
  }

  @Test
  void longListsAreWholeAndCanBeginAnywhere() throws Exception {
    for (int i = 0; i < 25; i++) {
      file("many/%02d".formatted(i), bytes(1));
    }
    cli.run("put", "-r", home.resolve("many").toString());

    var all = cli.run("ls", "many/").out().lines().toList();
    assertThat(all).hasSize(25).isEqualTo(new TreeSet<>(all).stream().toList());
    assertThat(cli.run("ls", "many/", "--after", "many/22").out().lines())
        .containsExactly("many/23", "many/24");
    assertThat(cli.run("ls", "--limit", "2").out().lines()).hasSize(2);
  }

  @Test
  void statShowsWhatTheOriginalsToolShows() throws Exception {
    cli.runWithInput(bytes(77), "put", "-", "a");

    Awaitility.await("the second copy")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(cli.run("stat", "a").out())
                    .startsWith("- file: a\n")
                    .contains("  devcount:                    2\n", " - http://127.0.0."));
    var json = JSON.readTree(cli.run("stat", "a", "--json").out());
    assertThat(json.get("paths").size()).isEqualTo(2);
    assertThat(json.get("domain").asText()).isEqualTo(TestCluster.DOMAIN);
  }

  @Test
  void removingManyNeedsAWordMore() {
    cli.runWithInput(bytes(1), "put", "-", "x/1");
    cli.runWithInput(bytes(1), "put", "-", "x/2");

    var refused = cli.run("rm", "-r", "x/");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("2 files", "--yes");
    assertThat(cli.run("ls").out()).hasLineCount(2);

    assertThat(cli.run("rm", "-r", "x/", "--yes", "--json").out())
        .isEqualTo("{\"removed\":2,\"failed\":0}\n");
    assertThat(cli.run("ls").out()).isEmpty();
  }

  @Test
  void moveGivesAnotherKeyOrClassButTakesNobodysKey() throws Exception {
    cli.runWithInput(bytes(1), "put", "-", "a");
    cli.runWithInput(bytes(2), "put", "-", "b");

    assertThat(cli.run("mv", "a", "b").exitCode()).isEqualTo(1);
    assertThat(cli.run("mv", "a", "c", "--class", "thumb").exitCode()).isZero();

    assertThat(cli.run("ls").out()).isEqualTo("b\nc\n");
    assertThat(JSON.readTree(cli.run("stat", "c", "--json").out()).get("class").asText())
        .isEqualTo("thumb");
  }
}
