package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.model.StoredFile.Name;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UploadStore;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What clients do to names and uploads, and the words for what they are told. */
sealed interface NameCommand {

  /** On which nothing can be stored; see {@code GroupedCommandsTest}. */
  DeviceId DEAD = new DeviceId(9);

  /** Which no table takes. */
  String REFUSED = "refused";

  /** Against others, too often, or not begun in time: nothing was done. */
  String LOST = "lost";

  /** What it has to do with: names and fids. */
  Collection<Object> touches(UnaryOperator<String> sameKeys);

  String ask(FileStore files, UploadStore uploads);

  /** What is told; empty when nobody knows whether it was done. */
  default Optional<String> told(FileStore files, UploadStore uploads) {
    try {
      return Optional.of(ask(files, uploads));
    } catch (StoreException e) {
      return switch (e.why()) {
        case UNAVAILABLE -> Optional.empty();
        case BROKEN -> Optional.of(REFUSED);
        case CONFLICT, BUSY -> Optional.of(LOST);
        case DUPLICATE -> throw e;
      };
    }
  }

  private static Object name(int domain, String key, UnaryOperator<String> sameKeys) {
    return domain + "/" + sameKeys.apply(key);
  }

  /**
   * @param length less than 0 for one that no table takes
   */
  record Close(long fid, int domain, String key, DeviceId device, long length)
      implements NameCommand {

    @Override
    public Collection<Object> touches(UnaryOperator<String> sameKeys) {
      return List.of(fid, name(domain, key, sameKeys));
    }

    @Override
    public String ask(FileStore files, UploadStore uploads) {
      var closing = uploads.close(finished());
      return closing instanceof Closing.Closed closed
          ? "closed" + closed.replaced().map(fid -> " over " + fid).orElse("")
          : closing.getClass().getSimpleName();
    }

    Finished finished() {
      var name = new Name(new DomainId(domain), new Key(key));
      var checksum = Checksum.parse("MD5:%032x".formatted(fid));
      return new Finished(
          new StoredFile(new Fid(fid), name, length, ClassId.DEFAULT, 1),
          device,
          fid % 2 == 0 ? checksum : Optional.empty());
    }
  }

  record Delete(int domain, String key) implements NameCommand {

    @Override
    public Collection<Object> touches(UnaryOperator<String> sameKeys) {
      return List.of(name(domain, key, sameKeys));
    }

    @Override
    public String ask(FileStore files, UploadStore uploads) {
      return files.delete(new DomainId(domain), new Key(key)) ? "deleted" : "nothing";
    }
  }

  record Rename(int domain, String from, String to) implements NameCommand {

    @Override
    public Collection<Object> touches(UnaryOperator<String> sameKeys) {
      return List.of(name(domain, from, sameKeys), name(domain, to, sameKeys));
    }

    @Override
    public String ask(FileStore files, UploadStore uploads) {
      return files
          .rename(new DomainId(domain), new Key(from), new Key(to))
          .name()
          .toLowerCase(Locale.ROOT);
    }
  }

  record Locate(int domain, String key) implements NameCommand {

    @Override
    public Collection<Object> touches(UnaryOperator<String> sameKeys) {
      return List.of(name(domain, key, sameKeys));
    }

    @Override
    public String ask(FileStore files, UploadStore uploads) {
      return files
          .locate(new DomainId(domain), new Key(key))
          .map(
              found ->
                  (found.devices().isEmpty() ? "nowhere " : "")
                      + NameSpace.told(found.file().fid().value(), found.file().key().wire()))
          .orElse("nothing");
    }
  }

  record Look(long fid) implements NameCommand {

    @Override
    public Collection<Object> touches(UnaryOperator<String> sameKeys) {
      return List.of(fid);
    }

    @Override
    public String ask(FileStore files, UploadStore uploads) {
      return uploads.pending(new Fid(fid)).isPresent() ? "open" : "not open";
    }
  }

  record Abandon(long fid) implements NameCommand {

    @Override
    public Collection<Object> touches(UnaryOperator<String> sameKeys) {
      return List.of(fid);
    }

    @Override
    public String ask(FileStore files, UploadStore uploads) {
      return uploads.abandon(new Fid(fid), StoreFixture.DEV1) ? "abandoned" : "not open";
    }
  }
}
