package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Upload;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to a disk, written piece by piece on the lane of its disk while the caller
 * waits. A small file takes one turn there from its first byte to being durable.
 */
final class Landing implements AutoCloseable {

  private final DiskShare share;
  private final BlobStore store;
  private final BlobPath path;
  private CompletableFuture<?> turn = CompletableFuture.completedFuture(null);

  /** Touched only on the lane, one turn after the other. */
  private @Nullable Upload upload;

  Landing(DiskShare share, BlobStore store, BlobPath path) {
    this.share = share;
    this.store = store;
    this.path = path;
  }

  void write(byte[] bytes, int length) throws DiskException, InterruptedException {
    take(
        () -> {
          upload().write(ByteBuffer.wrap(bytes, 0, length));
          return true;
        });
  }

  /** Writes the last bytes and puts the file in its place, durably. */
  void finish(byte[] bytes, int length) throws DiskException, InterruptedException {
    take(
        () -> {
          var current = upload();
          current.write(ByteBuffer.wrap(bytes, 0, length));
          current.commit();
          current.close();
          return true;
        });
  }

  private void take(DiskShare.DiskWork<Boolean> work) throws DiskException, InterruptedException {
    var next = share.submit(path.device(), work);
    turn = next;
    share.await(path.device(), next);
  }

  private Upload upload() throws DiskException {
    if (upload == null) {
      upload =
          store
              .upload(path, false)
              .orElseThrow(
                  () ->
                      new DiskException(
                          DiskException.Code.BAD_NAME,
                          "there is no device " + path.device().directory()));
    }
    return upload;
  }

  /** Removes what was written, unless the file is in its place. Does not wait for the disk. */
  @Override
  public void close() {
    var _ =
        turn.whenComplete(
            (_, _) -> {
              if (upload != null) {
                share.tidy(path.device(), upload::close);
              }
            });
  }
}
