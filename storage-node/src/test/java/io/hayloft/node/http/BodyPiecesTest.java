package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.Durability;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.http.BodyPieces.Got;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyPiecesTest {

  private static final DeviceId DEVICE = new DeviceId(1);

  @TempDir Path root;
  private final AsyncContent body = new AsyncContent();
  private final BodyPieces pieces = new BodyPieces(body);

  /** Pieces that nobody holds any more, in the order in which they were let go. */
  private final List<String> letGo = new ArrayList<>();

  private BlobStore store;

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    var docroot = new Docroot(root);
    store =
        new BlobStore(
            docroot,
            new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1)),
            Durability.NONE,
            new OpenBlobs(10, Time.system()),
            Time.system(),
            new Random(1));
  }

  private void comes(String text, boolean last) {
    body.write(
        last,
        ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)),
        Callback.from(() -> letGo.add(text), failure -> letGo.add(text + " failed")));
  }

  @Test
  void piecesAreHeldUntilThereAreManyAndThenWrittenInTheirOrder() throws Exception {
    comes("a", false);
    comes("b", false);
    comes("c", false);
    assertThat(pieces.read()).isEqualTo(Got.ALL_FOR_NOW);
    assertThat(letGo).isEmpty();

    comes("d", false);
    comes("e", false);
    assertThat(pieces.read()).isEqualTo(Got.MANY);
    try (var upload = store.upload(BlobPath.of(DEVICE, "x"), false).orElseThrow()) {
      pieces.writeTo(upload);
      assertThat(upload.length()).isEqualTo(4);
      assertThat(letGo).containsExactly("a", "b", "c", "d");

      comes("f", true);
      assertThat(pieces.read()).isEqualTo(Got.LAST);
      pieces.writeTo(upload);
      upload.commit();
    }

    assertThat(letGo).containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(root.resolve("dev1/x")).hasContent("abcdef");
  }

  @Test
  void whoBreaksOffIsToldAndHoldsNothing() {
    comes("a", false);
    pieces.read();
    body.fail(new IOException("gone"));

    assertThat(pieces.read()).isEqualTo(Got.BROKEN_OFF);
    assertThat(pieces.failure()).hasMessage("gone");
    pieces.release();
    assertThat(letGo).hasSize(1);
  }
}
