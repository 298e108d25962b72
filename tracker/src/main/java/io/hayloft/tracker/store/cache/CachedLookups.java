package io.hayloft.tracker.store.cache;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.Hearer;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.cache.LookupCache.Look;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Look-ups that are remembered in a {@link LookupCache}: whereabouts only, which are for clients
 * that forgo verification. What is put there was read from the primary. While the primary is away,
 * or for all other questions, whoever is behind is asked.
 *
 * <p>That there is no such key is not remembered, nor what was asked for with other bytes than the
 * key is stored with, which some databases take for the same.
 */
public final class CachedLookups implements FileLookups {

  private final FileLookups behind;
  private final LookupCache cache;

  public CachedLookups(FileLookups behind, LookupCache cache) {
    this.behind = behind;
    this.cache = cache;
  }

  @Override
  public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
    var name = new StoredFile.Name(domain, key);
    try {
      return switch (cache.look(EntryNames.fidOf(name))) {
        case Look.Hit(var fid) -> whereabouts(name, new Fid(Long.parseLong(fid)));
        case Look.Lease lease -> rememberFid(name, lease);
        case Look.Closed() -> behind.whereabouts(domain, key);
      };
    } catch (StoreException e) {
      if (behind.hasOthers()) {
        return behind.whereabouts(domain, key);
      }
      throw e;
    }
  }

  @Override
  public boolean whereabouts(DomainId domain, Key key, Hearer<Optional<Whereabouts>> hearer) {
    return cache.isOff() && behind.whereabouts(domain, key, hearer);
  }

  private Optional<Whereabouts> whereabouts(StoredFile.Name name, Fid fid) {
    return switch (cache.look(EntryNames.devicesOf(fid))) {
      case Look.Hit(var devices) -> Optional.of(new Whereabouts(fid, devices(devices)));
      case Look.Lease lease -> rememberDevices(name, fid, lease);
      case Look.Closed() -> behind.whereabouts(name.domain(), name.key());
    };
  }

  private Optional<Whereabouts> rememberFid(StoredFile.Name name, Look.Lease lease) {
    var found = behind.atPrimary(name.domain(), name.key());
    found
        .map(Located::file)
        .filter(file -> file.key().equals(name.key()))
        .ifPresent(file -> cache.fill(lease, file.fid().toString()));
    return found.map(Whereabouts::of);
  }

  /** The file may be gone or another by now: then there is nothing to remember of this fid. */
  private Optional<Whereabouts> rememberDevices(StoredFile.Name name, Fid fid, Look.Lease lease) {
    var found = behind.atPrimary(name.domain(), name.key()).map(Whereabouts::of);
    found
        .filter(file -> file.fid().equals(fid) && !file.devices().isEmpty())
        .ifPresent(file -> cache.fill(lease, text(file.devices())));
    return found;
  }

  private static String text(List<DeviceId> devices) {
    return devices.stream().map(DeviceId::toString).collect(Collectors.joining(","));
  }

  private static List<DeviceId> devices(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(number -> new DeviceId(Integer.parseInt(number)))
        .toList();
  }

  @Override
  public Optional<Located> locate(DomainId domain, Key key) {
    return behind.locate(domain, key);
  }

  @Override
  public boolean locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer) {
    return behind.locate(domain, key, hearer);
  }

  @Override
  public Optional<Checksum> checksum(Fid fid) {
    return behind.checksum(fid);
  }

  @Override
  public Optional<Located> newer(DomainId domain, Key key, Located told) {
    return behind.newer(domain, key, told);
  }

  @Override
  public boolean hasOthers() {
    return behind.hasOthers();
  }

  @Override
  public Optional<Located> atPrimary(DomainId domain, Key key) {
    return behind.atPrimary(domain, key);
  }
}
