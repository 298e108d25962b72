package io.hayloft.node.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.OpenDescriptors;
import io.hayloft.node.kernel.NewFile.Naming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** In each way that a file gets its name. */
@ParameterizedClass
@EnumSource
class NewFileTest {

  private static final String ATTRIBUTE = "user.hayloft.test";

  /** A flag that no kernel knows, as older ones do not know those that are used. */
  private static final long UNKNOWN = 1L << 40;

  private static final long WITHOUT_LINKS = 0x04;

  @Parameter Naming naming = Naming.BY_NUMBER;
  @TempDir Path temporary;
  private Path root;
  private CPath above;
  private NewFile file;

  @BeforeEach
  void create() throws IOException {
    root = temporary.toRealPath();
    above = CPath.of(root);
    Files.createDirectory(root.resolve("in"));
    var created = NewFile.create(ATTRIBUTE, WITHOUT_LINKS, naming);
    assumeTrue(created.isPresent(), "this kernel cannot");
    file = created.get();
  }

  @AfterEach
  void close() {
    if (file != null) {
      file.close();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(text.length()).put(bytes(text)).flip();
  }

  private boolean enter(String below) {
    return file.enter(above, bytes(below));
  }

  private boolean begin() {
    return file.begin(above, bytes("/temporary"));
  }

  private String[] names() {
    return root.toFile().list();
  }

  @Test
  void hasItsBytesAndAttributeBeforeItsName() throws IOException {
    var content = direct("the bytes");

    assertThat(enter("/in")).isTrue();
    assertThat(begin()).isTrue();
    assertThat(file.write(content)).isTrue();
    assertThat(file.keep(bytes("1234abcd"))).isTrue();
    assertThat(root.resolve("in")).isEmptyDirectory();
    assertThat(Files.exists(root.resolve("temporary"))).isEqualTo(naming == Naming.BY_RENAME);
    assertThat(file.place(bytes("a"))).isTrue();
    file.close();

    assertThat(content.remaining()).isEqualTo(9);
    var placed = root.resolve("in/a");
    assertThat(placed).hasContent("the bytes");
    assertThat(new ExtendedAttribute(ATTRIBUTE).get(placed)).hasValue("1234abcd");
    assertThat(Files.getPosixFilePermissions(placed))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(names()).containsExactly("in");
  }

  @Test
  void oneAfterTheOtherGoesToTheDirectoryThatWasFoundOnce() throws IOException {
    assertThat(enter("/in")).isTrue();
    for (var name : List.of("a", "b", "a")) {
      assertThat(begin() && file.write(direct(name)) && file.place(bytes(name))).isTrue();
      file.end();
    }
    assertThat(begin() && file.write(direct("unfinished"))).isTrue();
    file.end();

    assertThat(root.resolve("in/a")).hasContent("a");
    assertThat(root.resolve("in/b")).hasContent("b");
    assertThat(names()).containsExactly("in");
    file.close();
    assertThat(begin() && file.place(bytes("c"))).isFalse();
  }

  @Test
  void replacesWhatHasTheName() throws IOException {
    Files.writeString(root.resolve("in/a"), "old and longer");

    assertThat(enter("/in") && begin() && file.write(direct("new"))).isTrue();
    assertThat(file.place(bytes("a"))).isTrue();

    assertThat(root.resolve("in/a")).hasContent("new");
  }

  @Test
  void goesToTheDirectoryThatWasFoundWhateverHasItsPathSince() throws IOException {
    assertThat(enter("/in") && begin()).isTrue();
    Files.move(root.resolve("in"), root.resolve("away"));
    Files.createDirectory(root.resolve("in"));

    assertThat(file.place(bytes("a"))).isTrue();

    assertThat(root.resolve("away/a")).exists();
    assertThat(root.resolve("in")).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfOneWithoutName() {
    assertThat(enter("/in") && begin() && file.write(direct("bytes"))).isTrue();
    file.close();

    assertThat(names()).containsExactly("in");
  }

  @Test
  void nothingIsLeftOfOneWhoseNameIsTakenByADirectory() throws IOException {
    Files.createDirectory(root.resolve("in/a"));

    assertThat(enter("/in") && begin() && file.write(direct("bytes"))).isTrue();
    assertThat(file.place(bytes("a"))).isFalse();
    file.close();

    assertThat(names()).containsExactly("in");
    assertThat(root.resolve("in/a")).isEmptyDirectory();
  }

  @Test
  void aTemporaryNameThatIsTakenIsLeftAlone() throws IOException {
    Files.writeString(root.resolve("temporary"), "another's");
    Files.writeString(root.resolve("in/a"), "old");

    assertThat(enter("/in")).isTrue();
    assertThat(begin() && file.place(bytes("a"))).isFalse();
    file.close();

    assertThat(root.resolve("temporary")).hasContent("another's");
    assertThat(root.resolve("in/a")).hasContent("old");
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Files.createSymbolicLink(root.resolve("link"), root.resolve("in"));
    Files.createDirectory(root.resolve("in/below"));

    assertThat(enter("/link")).isFalse();
    assertThat(enter("/link/below")).isFalse();
    assertThat(enter("/in/below")).isTrue();
    assertThat(file.begin(above, bytes("/link/temporary"))).isEqualTo(naming != Naming.BY_RENAME);
  }

  @Test
  void whatIsMissingOrNoDirectoryOrTooLongIsNone() throws IOException {
    Files.writeString(root.resolve("file"), "");

    assertThat(enter("/none")).isFalse();
    assertThat(enter("/file")).isFalse();
    assertThat(enter("/" + "x".repeat(5_000))).isFalse();
    assertThat(enter("/in")).isTrue();
    assertThat(begin()).isTrue();
    assertThat(file.place(bytes("x".repeat(300)))).isFalse();
    assertThat(file.place(bytes("x".repeat(5_000)))).isFalse();
  }

  @Test
  void tellsWhichDirectoryAPathLeadsToAlsoByALink() throws IOException {
    var link = Files.createSymbolicLink(root.resolve("link"), root.resolve("in"));

    assertThat(file.key(CPath.of(link))).hasValue(InodeState.of(root.resolve("in")).key());
    assertThat(file.key(CPath.of(root.resolve("none")))).isEmpty();
  }

  @Test
  void keepsNothingOpen() throws IOException {
    int before = OpenDescriptors.count();
    for (int i = 0; i < 20; i++) {
      assertThat(enter("/in") && begin() && file.place(bytes("a" + i))).isTrue();
      file.close();
      assertThat(enter("/in") && begin()).isTrue();
      file.close();
      assertThat(enter("/in")).isTrue();
      file.close();
    }

    // Others of this process open and close some meanwhile.
    assertThat(OpenDescriptors.count()).isLessThan(before + 20);
  }

  @Test
  void whatAKernelDoesNotKnowIsNotTried() {
    assertThat(NewFile.create(ATTRIBUTE, UNKNOWN, naming)).isEmpty();
  }
}
