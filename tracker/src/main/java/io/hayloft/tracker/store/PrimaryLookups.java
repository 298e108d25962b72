package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.List;
import java.util.Optional;

/** Look-ups of one database. */
public record PrimaryLookups(FileStore files) implements FileLookups {

  @Override
  public Optional<Located> locate(DomainId domain, Key key) {
    return files.locate(domain, key);
  }

  @Override
  public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
    return locate(domain, key).map(Whereabouts::of);
  }

  @Override
  public boolean locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer) {
    files.locate(domain, key, hearer);
    return true;
  }

  @Override
  public boolean whereabouts(DomainId domain, Key key, Hearer<Optional<Whereabouts>> hearer) {
    return locate(domain, key, outcome -> hearer.hear(() -> outcome.get().map(Whereabouts::of)));
  }

  @Override
  public Optional<Checksum> checksum(Fid fid) {
    return Optional.ofNullable(files.checksums(List.of(fid)).get(fid));
  }

  @Override
  public Optional<Located> atPrimary(DomainId domain, Key key) {
    return locate(domain, key);
  }

  @Override
  public boolean hasOthers() {
    return false;
  }

  @Override
  public Optional<Located> newer(DomainId domain, Key key, Located told) {
    return Optional.empty();
  }
}
